# Writes arima-css.golden.json: fits by conditional sum of squares, alone and as the start of exact maximum likelihood, by
# R's stats::arima on public-domain series of R itself, those of arima.golden.json.
# Rscript test/golden/make-arima-css.R   (R 4.2.2)
suppressMessages(library(jsonlite))
H <- 12
# Forecasts by the recursion over CSS residuals. R's own predict() runs the exact filter over the series once more, which
# differs where a moving average is near the unit circle: by 3 % of the value for airmiles.
ahead <- function(fit, y, mean, xreg, future) {
  X <- cbind(if (mean) rep(1, length(y)), xreg)
  F <- cbind(if (mean) rep(1, H), future)
  b <- coef(fit)[-seq_len(sum(fit$arma[1:4]))]
  n <- length(y)
  z <- c(as.numeric(y) - if (length(b)) as.numeric(X %*% b) else 0, rep(0, H))
  e <- c(as.numeric(residuals(fit)), rep(0, H))
  # (1 - phi B ...)(1 - B)^d (1 - B^m)^D, multiplied out.
  a <- c(1, -fit$model$phi); D <- c(1, -fit$model$Delta)
  full <- numeric(length(a) + length(D) - 1)
  for (i in seq_along(D)) full[seq_along(a) + i - 1] <- full[seq_along(a) + i - 1] + D[i] * a
  for (t in n + seq_len(H))
    z[t] <- sum(-full[-1] * z[t - seq_along(full[-1])]) + sum(fit$model$theta * e[t - seq_along(fit$model$theta)])
  z[n + seq_len(H)] + if (length(b)) as.numeric(F %*% b) else 0
}
one <- function(name, y, order, seasonal = c(0, 0, 0), mean = TRUE, xreg = NULL, future = NULL) {
  m <- frequency(y)
  fits <- lapply(c(css = "CSS", "css-ml" = "CSS-ML"), function(method) {
    fit <- arima(y, order = order, seasonal = list(order = seasonal, period = m), include.mean = mean, xreg = xreg,
                 method = method, optim.control = list(reltol = 1e-13, maxit = 5000))
    list(loglik = fit$loglik, sigma2 = fit$sigma2, coef = as.list(coef(fit)),
         forecast = if (method == "CSS") ahead(fit, y, mean && order[2] + seasonal[2] == 0, xreg, future)
                    else as.numeric(predict(fit, n.ahead = H, newxreg = future)$pred))
  })
  list(name = name, season_length = m, y = as.numeric(y), order = order, seasonal_order = seasonal, mean = mean,
       xreg = if (is.null(xreg)) list() else unname(as.matrix(xreg)),
       future = if (is.null(future)) list() else unname(as.matrix(future)),
       css = fits[["css"]], "css-ml" = fits[["css-ml"]])
}
law <- Seatbelts[, "law"]; petrol <- Seatbelts[, "PetrolPrice"]
x <- cbind(law = law, petrol = petrol); colnames(x) <- c("law", "petrol")
air <- c(0, 1, 1)
cases <- list(
  one("AirPassengers", log(AirPassengers), air, air),
  one("USAccDeaths", USAccDeaths, air, air),
  one("UKgas", log(UKgas), air, air),
  one("JohnsonJohnson", log(JohnsonJohnson), air, air),
  one("co2", co2, air, air),
  one("ldeaths", ldeaths, c(1, 0, 0), c(1, 0, 0)),
  one("UKDriverDeaths", log10(UKDriverDeaths), c(1, 0, 1), c(0, 1, 1)),
  one("lh", lh, c(3, 0, 0)),
  one("lh (1,0,1)", lh, c(1, 0, 1)),
  one("Nile", Nile, c(0, 1, 1)),
  one("Nile (1,0,1)", Nile, c(1, 0, 1)),
  one("LakeHuron", LakeHuron, c(2, 0, 0)),
  one("WWWusage", WWWusage, c(1, 1, 1)),
  one("WWWusage (3,1,0)", WWWusage, c(3, 1, 0)),
  one("lynx (2,0,2)", log10(lynx), c(2, 0, 2)),
  one("BJsales", BJsales, c(1, 1, 1)),
  one("airmiles", log(airmiles), c(0, 2, 1)),
  one("austres", austres, c(0, 2, 1), c(1, 0, 0)),
  one("LakeHuron on time", LakeHuron, c(2, 0, 0), xreg = as.numeric(time(LakeHuron)) - 1920, future = 1973:1984 - 1920),
  one("Seatbelts", log10(window(UKDriverDeaths, end = c(1984, 12))), c(1, 0, 0), c(1, 0, 0), xreg = x,
      future = cbind(law = rep(1, H), petrol = rep(0.11, H)))
)
write_json(cases, "test/golden/arima-css.golden.json", digits = 12, auto_unbox = TRUE, na = "null")
