# Writes tbats.golden.json: parameters, seed states, errors and forecasts of R's tbats().  TZ=UTC Rscript test/golden/make-tbats.R
suppressPackageStartupMessages({library(forecast); library(jsonlite)})

t <- 1:160
two <- msts(round(50 + 0.1 * t + 5 * sin(2 * pi * t / 7) + 8 * cos(2 * pi * t / 30.44) + ((t * 37) %% 11) / 4, 3), c(7, 30.44))
of_tbats <- function(name, y, ...) {
  f <- tbats(y, use.parallel = FALSE, ...)
  one <- function(x) if (is.null(x)) 0 else x
  list(name = name, y = as.numeric(y), periods = I(f$seasonal.periods), k = I(f$k.vector), alpha = f$alpha,
    beta = one(f$beta), phi = if (is.null(f$beta)) 1 else one(f$damping.parameter), slope = !is.null(f$beta),
    gamma1 = I(f$gamma.one.values), gamma2 = I(f$gamma.two.values),
    seed = as.numeric(f$seed.states), errors = as.numeric(f$errors),
    mean = as.numeric(forecast(f, h = 24)$mean), upper = as.numeric(forecast(f, h = 24, level = 80)$upper))
}
out <- list(
  of_tbats("USAccDeaths", USAccDeaths, use.box.cox = FALSE, use.arma.errors = FALSE),
  of_tbats("nottem", window(nottem, 1930), use.box.cox = FALSE, use.arma.errors = FALSE, use.trend = FALSE),
  of_tbats("UKgas", log(UKgas), use.box.cox = FALSE, use.arma.errors = FALSE, use.trend = TRUE, use.damped.trend = TRUE),
  of_tbats("two waves", two, use.box.cox = FALSE, use.arma.errors = FALSE))
write(toJSON(out, digits = 12, auto_unbox = TRUE), "test/golden/tbats.golden.json")
