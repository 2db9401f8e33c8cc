# Writes aggregation.golden.json: ADIDA and IMAPA with given weights, in plain R from the papers' definitions.
# Rscript test/golden/make-aggregation.R > test/golden/aggregation.golden.json
ses <- function(x, alpha) Reduce(function(level, v) level + alpha * (v - level), x)
rate <- function(y, width, alpha) {
  count <- length(y) %/% width
  used <- tail(y, count * width)
  ses(colSums(matrix(used, nrow = width)), alpha) / width
}
gap <- function(y) round(mean(diff(c(0, which(y > 0)))))
adida <- function(y, alpha) rate(y, gap(y), alpha)
imapa <- function(y, alpha) mean(sapply(seq_len(gap(y)), function(width) rate(y, width, alpha)))

RNGversion("3.6.0")
set.seed(7)
series <- list(
  discoveries = as.numeric(discoveries),
  sporadic = rbinom(97, 1, 0.3) * (1 + rpois(97, 2)),
  lumpy = rbinom(60, 1, 0.18) * (1 + rgeom(60, 0.1))
)
entry <- function(name) {
  y <- series[[name]]
  fits <- sapply(c(0.1, 0.2, 0.5), function(alpha)
    sprintf('{"alpha":%s,"adida":%.12g,"imapa":%.12g}', alpha, adida(y, alpha), imapa(y, alpha)))
  sprintf('{"name":"%s","gap":%d,"y":[%s],"fits":[%s]}', name, gap(y), paste(y, collapse = ","), paste(fits, collapse = ","))
}
cat("[", paste(sapply(names(series), entry), collapse = ",\n"), "]\n", sep = "")
