# Writes arima.golden.json: exact maximum likelihood fits by R's forecast::Arima on public-domain series of R itself.
# Rscript test/golden/make-arima.R   (R 4.2.2, forecast 8.20)
suppressMessages({library(forecast); library(jsonlite)})
H <- 12
one <- function(name, y, order, seasonal = c(0, 0, 0), mean = TRUE, drift = FALSE, xreg = NULL, future = NULL) {
  m <- frequency(y)
  # A tighter optimiser than R's default, which stops early on some of these.
  fit <- Arima(y, order = order, seasonal = seasonal, include.mean = mean, include.drift = drift, xreg = xreg,
               method = "ML", optim.control = list(reltol = 1e-12, maxit = 2000))
  f <- if (is.null(xreg)) forecast(fit, h = H) else forecast(fit, xreg = future)
  z <- qnorm(0.9)
  # R's residuals of the first d + D m cells are the values over 1000, its stand-in for an unbounded start; they have
  # no place in the variance.
  lost <- order[2] + seasonal[2] * m
  r <- residuals(fit)
  if (lost > 0) r <- r[-seq_len(lost)]
  sigma2 <- sum(r^2, na.rm = TRUE) / (sum(!is.na(y)) - lost - length(coef(fit)))
  z <- z * sqrt(fit$sigma2 / sigma2)
  list(name = name, season_length = m, y = as.numeric(y), order = order, seasonal_order = seasonal, mean = mean,
       drift = drift, xreg = if (is.null(xreg)) list() else unname(as.matrix(xreg)),
       future = if (is.null(future)) list() else unname(as.matrix(future)),
       loglik = fit$loglik, aicc = fit$aicc, sigma2 = sigma2, coef = as.list(coef(fit)),
       forecast = as.numeric(f$mean), sd = (as.numeric(f$upper[, 1]) - as.numeric(f$mean)) / z)
}
holes <- function(y, at) { y[at] <- NA; y }
law <- Seatbelts[, "law"]; petrol <- Seatbelts[, "PetrolPrice"]
x <- cbind(law = law, petrol = petrol); colnames(x) <- c("law", "petrol")
air <- c(0, 1, 1)
cases <- list(
  one("AirPassengers", log(AirPassengers), air, air),
  one("USAccDeaths", USAccDeaths, air, air),
  one("UKgas", log(UKgas), air, air),
  one("nottem", nottem, c(1, 0, 0), c(2, 1, 0)),
  one("nottem with drift", nottem, c(1, 0, 0), c(0, 1, 1), drift = TRUE),
  one("co2", co2, air, air),
  one("co2 (1,1,1)(1,1,2)", co2, c(1, 1, 1), c(1, 1, 2)),
  one("JohnsonJohnson", log(JohnsonJohnson), air, air),
  one("ldeaths", ldeaths, c(1, 0, 0), c(1, 0, 0)),
  one("mdeaths", mdeaths, c(2, 0, 1), c(0, 1, 1)),
  one("UKDriverDeaths", log10(UKDriverDeaths), c(1, 0, 1), c(0, 1, 1)),
  one("lh", lh, c(3, 0, 0)),
  one("lh (1,0,1)", lh, c(1, 0, 1)),
  one("Nile", Nile, c(0, 1, 1)),
  one("Nile (1,0,1)", Nile, c(1, 0, 1)),
  one("LakeHuron", LakeHuron, c(2, 0, 0)),
  one("LakeHuron with drift", LakeHuron, c(1, 1, 0), drift = TRUE),
  one("WWWusage", WWWusage, c(1, 1, 1)),
  one("WWWusage (3,1,0)", WWWusage, c(3, 1, 0)),
  one("lynx", log10(lynx), c(2, 0, 0)),
  one("lynx (2,0,2)", log10(lynx), c(2, 0, 2)),
  one("sunspot.year", sqrt(sunspot.year), c(9, 0, 0)),
  one("BJsales", BJsales, c(1, 1, 1)),
  one("BJsales (0,2,1)", BJsales, c(0, 2, 1)),
  one("discoveries", discoveries, c(1, 0, 1)),
  one("airmiles", log(airmiles), c(0, 2, 1)),
  one("austres", austres, c(0, 2, 1), c(1, 0, 0)),
  one("nhtemp", nhtemp, c(0, 1, 1)),
  one("DAX", log(ts(as.numeric(EuStockMarkets[1:300, "DAX"]))), c(1, 1, 0), drift = TRUE),
  one("presidents", presidents, c(3, 0, 0)),
  one("presidents (1,0,0)(1,0,0)", presidents, c(1, 0, 0), c(1, 0, 0)),
  one("Nile with gaps", holes(Nile, c(5, 6, 20, 41:48, 77)), c(1, 0, 1)),
  one("Nile with gaps (0,1,1)", holes(Nile, c(5, 6, 20, 41:48, 77)), c(0, 1, 1)),
  one("AirPassengers with gaps", holes(log(AirPassengers), c(20, 33, 34, 60:63, 101)), air, air),
  one("LakeHuron on time", LakeHuron, c(2, 0, 0), xreg = as.numeric(time(LakeHuron)) - 1920, future = 1973:1984 - 1920),
  one("Seatbelts", log10(window(UKDriverDeaths, end = c(1984, 12))), c(1, 0, 0), c(1, 0, 0), xreg = x,
      future = cbind(law = rep(1, H), petrol = rep(0.11, H)))
)
write_json(cases, "test/golden/arima.golden.json", digits = 12, auto_unbox = TRUE, na = "null")
