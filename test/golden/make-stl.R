# Writes stl.golden.json: R's stl with a seasonal window of 11, the first of forecast::mstl, on public-domain series.
# Rscript test/golden/make-stl.R   (R 4.2.2)
library(jsonlite)
one <- function(name, y, m) {
  parts <- stl(ts(as.numeric(y), frequency = m), s.window = 11)$time.series
  list(name = name, m = m, y = as.numeric(y), season = as.numeric(parts[, 1]), trend = as.numeric(parts[, 2]))
}
write_json(list(one("AirPassengers", AirPassengers, 12), one("UKgas", UKgas, 4),
                one("ldeaths as if of 7", ldeaths[1:40], 7), one("lynx as if of 24", lynx, 24),
                one("a short JohnsonJohnson", JohnsonJohnson[1:9], 4)),
           "test/golden/stl.golden.json", digits = 14, auto_unbox = TRUE)
