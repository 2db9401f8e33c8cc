# Writes smoothing.golden.json and rules.golden.json: exponential smoothing and the simple rules as R's forecast has them.  TZ=UTC Rscript test/golden/make-smoothing.R
suppressPackageStartupMessages({library(forecast); library(jsonlite)})

series <- list(Nile = Nile, LakeHuron = LakeHuron, WWWusage = WWWusage, lynx = lynx, nhtemp = nhtemp,
  airmiles = airmiles, BJsales = BJsales, uspop = uspop,
  AirPassengers = AirPassengers, USAccDeaths = USAccDeaths, UKgas = UKgas, JohnsonJohnson = JohnsonJohnson,
  nottem = nottem, ldeaths = ldeaths, UKDriverDeaths = UKDriverDeaths,
  co2 = window(co2, 1985))
plain <- c("ANN", "AAN", "AAdN", "MNN", "MAN", "MAdN")
seasonal <- c("ANA", "AAA", "AAdA", "MNA", "MAA", "MNM", "MAM", "MAdM")

fit <- function(y, code) {
  damped <- grepl("d", code)
  model <- sub("d", "", code)
  f <- suppressWarnings(ets(y, model = model, damped = damped))
  h <- if (f$m > 1) 2 * f$m + 1 else 10
  p <- forecast(f, h = h, level = 95)
  weight <- function(name, other) if (name %in% names(f$par)) unname(f$par[name]) else other
  list(model = code, loglik = f$loglik, sigma2 = f$sigma2,
    alpha = weight("alpha", 0), beta = weight("beta", 0), gamma = weight("gamma", 0), phi = weight("phi", 1),
    start = I(unname(f$initstate)), mean = as.numeric(p$mean),
    sd = (as.numeric(p$upper) - as.numeric(p$lower)) / (2 * qnorm(0.975)))
}

out <- list()
for (name in names(series)) {
  y <- series[[name]]
  if (anyNA(y)) next
  codes <- if (frequency(y) > 1) c(seasonal, "ANN", "AAdN") else plain
  fits <- list()
  for (code in codes) fits[[length(fits) + 1]] <- fit(y, code)
  out[[length(out) + 1]] <- list(name = name, season_length = frequency(y), y = as.numeric(y), fits = fits)
}
write(toJSON(out, digits = 12, auto_unbox = TRUE), "test/golden/smoothing.golden.json")

# The simple rules, with their intervals, on the same series.
rules <- list()
for (name in c("Nile", "AirPassengers", "UKgas", "lynx")) {
  y <- series[[name]]
  sd80 <- function(f) (as.numeric(f$upper) - as.numeric(f$mean)) / qnorm(0.9)
  h <- 2 * frequency(y) + 3
  one <- naive(y, h, level = 80); line <- rwf(y, h, drift = TRUE, level = 80); last <- snaive(y, h, level = 80)
  rules[[length(rules) + 1]] <- list(name = name, season_length = frequency(y), y = as.numeric(y),
    naive = list(mean = as.numeric(one$mean), sd = sd80(one)),
    drift = list(mean = as.numeric(line$mean), sd = sd80(line)),
    seasonal = list(mean = as.numeric(last$mean), sd = sd80(last)),
    average = mean(y), averageSd = sd(y) * sqrt(1 + 1 / length(y)))
}
write(toJSON(rules, digits = 12, auto_unbox = TRUE), "test/golden/rules.golden.json")
