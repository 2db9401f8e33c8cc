# Writes stl.golden.json: stl() and mstl() of R on series that come with R and on a sum of two waves.  TZ=UTC Rscript test/golden/make-stl.R
suppressPackageStartupMessages({library(forecast); library(jsonlite)})

of_stl <- function(name, y, window, robust) {
  f <- stl(y, s.window = window, robust = robust)
  list(name = name, m = frequency(y), y = as.numeric(y), window = window, robust = robust,
    season = as.numeric(f$time.series[, 1]), trend = as.numeric(f$time.series[, 2]), weights = as.numeric(f$weights))
}
# Robust fits are of an odd number of values: of an even one, stl() (R 4.2.2) does not always find the two middle
# remainders, because it asks its partial sort for them in descending order.
stls <- list(
  of_stl("nottem", window(nottem, 1930), "periodic", FALSE), of_stl("AirPassengers", AirPassengers, 11, FALSE),
  of_stl("UKgas", window(UKgas, 1960.25), 7, TRUE), of_stl("USAccDeaths", window(USAccDeaths, 1973 + 1 / 12), 13, TRUE),
  of_stl("JohnsonJohnson", window(JohnsonJohnson, 1960.25), "periodic", TRUE), of_stl("co2", window(co2, 1980), 35, FALSE))

t <- 1:150
y <- round(50 + 0.1 * t + 5 * sin(2 * pi * t / 7) + 8 * cos(2 * pi * t / 30) + ((t * 37) %% 11) / 4, 3)
f <- mstl(msts(y, c(7, 30)), lambda = NULL)
many <- list(y = y, periods = c(7, 30), trend = as.numeric(f[, "Trend"]),
  seasons = list(as.numeric(f[, "Seasonal7"]), as.numeric(f[, "Seasonal30"])))
write(toJSON(list(stl = stls, mstl = many), digits = 10, auto_unbox = TRUE), "test/golden/stl.golden.json")
