# Writes linear.golden.json: least squares, ridge and tslm as R has them.  TZ=UTC Rscript test/golden/linear.R
suppressPackageStartupMessages({library(forecast); library(MASS); library(jsonlite)})

describe <- function(fit, new = NULL) {
  s <- summary(fit)
  out <- list(coefficients = unname(coef(fit)), errors = unname(s$coefficients[, 2]), t = unname(s$coefficients[, 3]),
    p = unname(s$coefficients[, 4]), sigma = s$sigma, df = fit$df.residual, r2 = s$r.squared, adjusted = s$adj.r.squared,
    hat = unname(hatvalues(fit)))
  if (!is.null(new)) {
    mean <- predict(fit, new, se.fit = TRUE)
    out$mean <- unname(mean$fit); out$se <- unname(mean$se.fit)
    out$confidence <- unname(predict(fit, new, interval = "confidence", level = 0.9)[, 2:3])
    out$prediction <- unname(suppressWarnings(predict(fit, new, interval = "prediction", level = 0.9))[, 2:3])
  }
  out
}
columns <- function(data) lapply(data, as.numeric)

cars <- mtcars[, c("mpg", "wt", "hp", "qsec")]
new <- data.frame(wt = c(2.1, 3.5, 6), hp = c(60, 150, 400), qsec = c(20, 17, 14))
weights <- rep_len(c(1, 2, 0.5, 0), nrow(cars))
weighted <- describe(lm(mpg ~ wt + hp + qsec, cars, weights = weights))
dependent <- transform(cars, tons = wt * 0.4536 + 1)
alias <- lm(mpg ~ wt + tons + hp, dependent)

monthly <- function(y) {
  fit <- tslm(y ~ trend + season)
  f <- forecast(fit, h = 24, level = c(80, 95))
  list(y = as.numeric(y), mean = as.numeric(f$mean), lower = unname(f$lower), upper = unname(f$upper), aicc = unname(CV(fit)["AICc"]))
}
gas <- ts(as.numeric(forecast::gas)[1:300], frequency = 12)
fourier_fit <- tslm(AirPassengers ~ trend + fourier(AirPassengers, K = 3))
fourier_aicc <- numeric(6)
for (k in 1:6) fourier_aicc[k] <- CV(tslm(log(AirPassengers) ~ trend + fourier(AirPassengers, K = k)))["AICc"]
fourier_future <- forecast(fourier_fit, data.frame(fourier(AirPassengers, K = 3, h = 12)), level = 95)

x <- as.matrix(longley[, 1:6])
lambdas <- c(0, 0.01, 0.5, 10)
shrunk <- lapply(lambdas, function(l) list(lambda = l, coefficients = unname(coef(lm.ridge(Employed ~ ., longley, lambda = l)))))

# Leave-one-out errors the long way: refit without each row, with the same centring rule each time.
closed <- function(x, y, l) {
  z <- scale(x, TRUE, FALSE); s <- sqrt(colMeans(z^2)); z <- sweep(z, 2, s, "/")
  h <- z %*% solve(crossprod(z) + diag(l, ncol(z)), t(z)) + 1 / nrow(z)
  e <- as.numeric(y - h %*% y)
  list(lambda = l, edf = sum(diag(h)), gcv = nrow(z) * sum(e^2) / (nrow(z) - sum(diag(h)))^2, loocv = mean((e / (1 - diag(h)))^2), rss = sum(e^2))
}
mx <- as.matrix(cars[, 2:4])
ridge <- lapply(c(0.5, 5, 50), function(l) closed(mx, cars$mpg, l))
best <- function(what) exp(optimize(function(l) closed(mx, cars$mpg, exp(l))[[what]], log(c(1e-3, 1e3)), tol = 1e-9)$minimum)

write_json(list(
  cars = c(columns(cars), describe(lm(mpg ~ wt + hp + qsec, cars), new), list(new = columns(new))),
  origin = describe(lm(mpg ~ 0 + wt + hp, cars)),
  weighted = c(weighted, list(weights = weights)),
  alias = list(coefficients = unname(coef(alias)), sigma = summary(alias)$sigma, df = alias$df.residual),
  longley = c(columns(longley), describe(lm(Employed ~ ., longley), longley[c(1, 16), ])),
  air = monthly(AirPassengers), gas = monthly(gas),
  fourier = list(mean = as.numeric(fourier_future$mean), lower = as.numeric(fourier_future$lower), aicc = fourier_aicc),
  shrunk = shrunk, ridge = ridge, best = list(gcv = best("gcv"), loocv = best("loocv"))
), "test/golden/linear.golden.json", digits = 16, auto_unbox = TRUE, na = "string")
