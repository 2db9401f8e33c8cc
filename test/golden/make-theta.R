# Writes theta.golden.json and croston.golden.json: decompose(), thetaf() and croston() of R.  TZ=UTC Rscript test/golden/make-theta.R
suppressPackageStartupMessages({library(forecast); library(jsonlite)})

series <- list(Nile = Nile, LakeHuron = LakeHuron, WWWusage = WWWusage, airmiles = airmiles, BJsales = BJsales,
  uspop = uspop, nhtemp = nhtemp,
  AirPassengers = AirPassengers, USAccDeaths = USAccDeaths, UKgas = UKgas, JohnsonJohnson = JohnsonJohnson,
  nottem = nottem, ldeaths = ldeaths, UKDriverDeaths = UKDriverDeaths, co2 = window(co2, 1985),
  week = ts(as.numeric(head(nottem, 70)) + rep(c(0, 4, 9, 3, 1, -6, -11), 10), frequency = 7))

out <- lapply(names(series), function(name) {
  y <- series[[name]]
  m <- frequency(y)
  h <- if (m > 1) 2 * m + 1 else 10
  f <- thetaf(y, h = h, level = c(80, 95))
  kinds <- if (m > 1) lapply(c(additive = "additive", multiplicative = "multiplicative"), function(type) {
    d <- decompose(y, type)
    # The figure from the first cell on, as R's begins with the first phase of the year.
    list(figure = as.numeric(d$seasonal)[1:m], trend = as.numeric(d$trend))
  }) else NULL
  list(name = name, season_length = m, y = as.numeric(y), decompositions = kinds, alpha = unname(f$model$alpha),
    drift = unname(f$model$drift), sigma2 = unname(f$model$sigma), mean = as.numeric(f$mean),
    upper80 = as.numeric(f$upper[, 1]), upper95 = as.numeric(f$upper[, 2]))
})
write(toJSON(out, digits = 12, auto_unbox = TRUE, na = "null"), "test/golden/theta.golden.json")

set.seed(1)
demand <- list(
  poisson = rpois(60, 0.4), lumpy = rbinom(80, 1, 0.2) * rgeom(80, 0.1), steady = 1 + rpois(40, 3),
  weights = round(rbinom(50, 1, 0.5) * rexp(50, 1 / 3), 2), late = c(rep(0, 9), 4, 0, 0, 2, 0, 7, rep(0, 12)))
croston_of <- function(y, alpha) list(alpha = alpha, mean = as.numeric(croston(y, h = 1, alpha = alpha)$mean))
out <- lapply(names(demand), function(name)
  list(name = name, y = demand[[name]], fits = lapply(c(0.05, 0.1, 0.3, 0.9), function(a) croston_of(demand[[name]], a))))
write(toJSON(out, digits = 14, auto_unbox = TRUE), "test/golden/croston.golden.json")
