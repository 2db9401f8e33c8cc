# Writes box-cox.golden.json: Guerrero's lambda and forecasts of transformed ARIMA by R's forecast, on R's own public-domain series.
# Rscript test/golden/make-box-cox.R   (R 4.2.2, forecast 8.20)
suppressMessages({library(forecast); library(jsonlite)})
holes <- function(y, at) { y[at] <- NA; y }
series <- list(AirPassengers = AirPassengers, UKgas = UKgas, JohnsonJohnson = JohnsonJohnson, co2 = co2, nottem = nottem,
               ldeaths = ldeaths, USAccDeaths = USAccDeaths, airmiles = airmiles, lynx = lynx, WWWusage = WWWusage,
               `AirPassengers with holes` = holes(AirPassengers, c(1, 2, 30, 31, 77, 144)))
lambdas <- lapply(names(series), function(name) list(name = name, season_length = frequency(series[[name]]),
  y = as.numeric(series[[name]]), lambda = BoxCox.lambda(series[[name]], method = "guerrero")))
one <- function(name, lambda, order, seasonal) {
  y <- series[[name]]
  fit <- Arima(y, order = order, seasonal = seasonal, lambda = lambda, biasadj = TRUE, method = "ML",
               optim.control = list(reltol = 1e-12, maxit = 2000))
  f <- forecast(fit, h = 12, level = c(50, 80, 95))
  median <- forecast(fit, h = 12, biasadj = FALSE)$mean
  list(name = name, lambda = lambda, order = order, seasonal_order = seasonal, mean = as.numeric(f$mean),
       median = as.numeric(median), lower = unname(t(unclass(f$lower))), upper = unname(t(unclass(f$upper))))
}
air <- c(0, 1, 1)
# None has a mean: there our intervals count in what it is unsure of, and R's do not.
forecasts <- list(one("AirPassengers", 0, air, air), one("AirPassengers", 0.5, air, air),
                  one("AirPassengers", -0.3, air, air), one("UKgas", 0, air, air), one("WWWusage", 0.36, c(3, 1, 0), c(0, 0, 0)))
writeLines(toJSON(list(lambdas = lambdas, forecasts = forecasts), auto_unbox = TRUE, digits = 10, na = "null"),
           "test/golden/box-cox.golden.json")
