# Writes counts.golden.json: negative binomial likelihoods and quantiles from base R.
# Rscript test/golden/make-counts.R > test/golden/counts.golden.json
y <- as.numeric(discoveries)
mu <- 1 + (seq_along(y) %% 5)
logs <- sapply(c(0.1, 1, 6), function(size) sum(dnbinom(y, size = size, mu = mu, log = TRUE)))
poisson <- sum(dpois(y, mu, log = TRUE))
p <- c(0.05, 0.25, 0.5, 0.75, 0.9, 0.975, 0.995)
quantiles <- sapply(c(0.35, 3), function(size) qnbinom(p, size = size, mu = 7.5))
# A hurdle: nothing with 0.4, else 1 + a negative binomial.
hurdle <- ifelse(p <= 0.4, 0, 1 + qnbinom(pmax(0, (p - 0.4) / 0.6), size = 0.6, mu = 3.2))
row <- function(v) paste0("[", paste(sprintf("%.12g", v), collapse = ","), "]")
cat(sprintf('{"y":%s,"mu":%s,"sizes":[0.1,1,6],"logs":%s,"poisson":%.12g,"p":%s,"plain":[%s,%s],"hurdle":%s}\n',
  row(y), row(mu), row(logs), poisson, row(p), row(quantiles[, 1]), row(quantiles[, 2]), row(hurdle)))
