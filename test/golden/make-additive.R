# Expected values of the additive model: mgcv fits the same shrunken regression by REML, log of AirPassengers, 12 months held out.
# Rscript test/golden/make-additive.R > test/golden/additive.golden.json
suppressMessages(library(mgcv))
y <- log(as.numeric(AirPassengers))[1:132]
n <- length(y)
unit <- mean(abs(y))
y <- y / unit
# The series starts at period 0; 10 stretches of the trend, each a ramp from 0 to 1; sines and cosines of 12 months.
columns <- function(t) {
  at <- round((0:9) * (n - 1) / 10)
  to <- c(at[-1], n - 1)
  K <- sapply(1:10, function(k) pmin(1, pmax(0, (t - at[k]) / (to[k] - at[k]))))
  S <- do.call(cbind, lapply(1:6, function(k) {
    a <- 2 * pi * k * t / 12
    if (k < 6) cbind(sin(a), cos(a)) else cos(a)
  }))
  list(line = t / (n - 1), K = K, S = S)
}
d <- columns(0:(n - 1))
fit <- gam(y ~ line + K + S, data = c(list(y = y), d), paraPen = list(K = list(diag(10)), S = list(diag(11))), method = "REML",
           control = gam.control(epsilon = 1e-12))
f <- columns(n:(n + 11))
p <- predict(fit, newdata = f, se.fit = TRUE)
num <- function(x) paste0("[", paste(format(x, digits = 12), collapse = ", "), "]")
cat(sprintf('{\n"y": %s,\n"unit": %s,\n"sigma2": %s,\n"sp": %s,\n"edf": %s,\n"mean": %s,\n"se": %s\n}\n', num(AirPassengers[1:132]), format(unit, digits = 15),
            format(fit$sig2, digits = 12), num(fit$sp), format(sum(fit$edf), digits = 12), num(as.numeric(p$fit)), num(as.numeric(p$se.fit))))
