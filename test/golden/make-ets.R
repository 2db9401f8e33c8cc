# Writes ets.golden.json: automatic exponential smoothing, multiplicative trends and other bounds as R's forecast has them.  TZ=UTC Rscript test/golden/make-ets.R
suppressPackageStartupMessages({library(forecast); library(jsonlite)})

quarterly <- function(y) ts(colSums(matrix(head(y, 3 * (length(y) %/% 3)), 3)), start = start(y)[1], frequency = 4)
series <- list(Nile = Nile, LakeHuron = LakeHuron, WWWusage = WWWusage, lynx = lynx, nhtemp = nhtemp, airmiles = airmiles,
  BJsales = BJsales, uspop = uspop, discoveries = discoveries, sunspot.year = window(sunspot.year, 1850),
  AirPassengers = AirPassengers, AirPassengersQuarterly = quarterly(AirPassengers), USAccDeaths = USAccDeaths, UKgas = UKgas,
  JohnsonJohnson = JohnsonJohnson, nottem = nottem, ldeaths = ldeaths, mdeaths = mdeaths, fdeaths = fdeaths,
  UKDriverDeaths = UKDriverDeaths, co2 = window(co2, 1985), austres = austres, precip = ts(precip), treering = ts(tail(treering, 120)),
  ldeathsQuarterly = quarterly(ldeaths), nottemQuarterly = quarterly(nottem))

one <- function(y, ...) {
  f <- suppressWarnings(ets(y, ...))
  h <- if (f$m > 1) 2 * f$m + 1 else 10
  p <- forecast(f, h = h, level = 95, PI = FALSE)
  weight <- function(name, other) if (name %in% names(f$par)) unname(f$par[name]) else other
  k <- f$components
  list(model = paste0(k[1], k[2], if (k[4] == "TRUE") "d" else "", k[3]), loglik = f$loglik, aicc = f$aicc, sigma2 = f$sigma2,
    alpha = weight("alpha", 0), beta = weight("beta", 0), gamma = weight("gamma", 0), phi = weight("phi", 1),
    start = I(unname(f$initstate)), mean = as.numeric(p$mean))
}

out <- list()
for (name in names(series)) {
  y <- series[[name]]
  m <- frequency(y)
  growth <- list()
  if (min(y) > 0) {
    for (code in if (m > 1) c("MMN", "MMM") else "MMN") for (damped in c(FALSE, TRUE))
      growth[[length(growth) + 1]] <- one(y, model = code, damped = damped, allow.multiplicative.trend = TRUE)
  }
  # R finds no starting weights for seasonal forms in the admissible region.
  admissible <- lapply(c("ANN", "AAN", "MAN"[min(y) > 0]), function(code)
    one(y, model = code, damped = FALSE, bounds = "admissible"))
  out[[length(out) + 1]] <- list(name = name, season_length = m, y = as.numeric(y), chosen = one(y), growth = I(growth),
    admissible = I(admissible))
}
write(toJSON(out, digits = 12, auto_unbox = TRUE), "test/golden/ets.golden.json")
