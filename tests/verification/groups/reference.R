# Reference values for the statistics of groups, made by R's package `survival`. Neither the build nor the tests need R:
#   Rscript tests/verification/groups/reference.R tests/verification/groups
# writes cells.csv (made-up CCDs, mA/cm2, in (low, high]; empty: open) and reference.csv (case,quantity,value).
library(survival)
folder <- commandArgs(trailingOnly = TRUE)[1]
options(digits = 17)

# ---- made-up cells ---------------------------------------------------------------------------------------------------
ramp <- function(ccd, start, step, cap) {
  passed <- start + step * (ceiling((ccd - start) / step - 1e-9) - 1)   # last step below the CCD
  low <- ifelse(ccd <= start, NA, pmin(passed, cap))
  high <- ifelse(ccd <= start, start, ifelse(passed >= cap - 1e-9, NA, passed + step))
  data.frame(low = round(low, 6), high = round(high, 6))
}
cells <- function(case, ccd, group, x, start = 0.1, step = 0.1, cap = 5) cbind(case, ramp(ccd, start, step, cap), group, x)
set.seed(20221122)
hold <- rep(c(1, 5, 30), each = 8)
one <- cells("weibull", rweibull(40, 4, 1.2), "a", 0, step = 0.1)
two <- cells("two", c(rlnorm(12, log(0.9), 0.25), rlnorm(10, log(1.2), 0.25)), rep(c("a", "b"), c(12, 10)), 0, step = 0.15, cap = 1.45)
three <- cells("three", rlnorm(24, log(0.6) + 0.15 * log(hold), 0.3), rep(c("a", "b", "c"), each = 8), hold, start = 0.4, step = 0.1, cap = 1.5)
mixed <- local({ # ramps of different grids, so that intervals overlap
  ccd <- rlnorm(30, log(1), 0.35)
  step <- rep(c(0.1, 0.17, 0.31), 10)
  out <- do.call(rbind, lapply(1:30, function(k) ramp(ccd[k], step[k], step[k], 1.6)))
  cbind(case = "mixed", out, group = rep(c("a", "b", "c"), each = 10), x = step)
})
small <- cells("small", c(0.62, 0.71, 0.88, 1.31, 0.93, 1.22, 1.43, 1.58), rep(c("a", "b"), each = 4), 0, step = 0.1, cap = 1.5)
exact <- data.frame(case = "exact", low = c(1.1, 2.4, 1.9, 3.3, 0.7, 2.9, 3.8, 4.1, 2.2, 3.1), group = rep(c("a", "b"), each = 5), x = 1:10)
exact$high <- exact$low
right <- data.frame(case = "right", low = c(1.1, 2.4, 1.9, 3.3, 0.7, 2.9, 3.8, 4.1, 2.2, 3.1, 1.5), group = rep(c("a", "b"), c(5, 6)), x = 1:11)
right$high <- ifelse(c(1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1) == 1, right$low, NA)
columns <- c("case", "low", "high", "group", "x")
all <- rbind(one[columns], two[columns], three[columns], mixed[columns], small[columns], exact[columns], right[columns])
write.csv(all, file.path(folder, "cells.csv"), row.names = FALSE, na = "", quote = FALSE)

# ---- reference values ------------------------------------------------------------------------------------------------
rows <- list()
put <- function(case, quantity, value) rows[[length(rows) + 1]] <<- data.frame(case, quantity, value = sprintf("%.15g", value))
surv_of <- function(d) Surv(d$low, d$high, type = "interval2")

tight <- survreg.control(maxiter = 200, rel.tolerance = 1e-13, toler.chol = 1e-12)
fit <- function(case, name, formula, data, dist) {
  f <- survreg(formula, data = data, dist = dist, control = tight)
  put(case, paste(name, dist, "loglik"), f$loglik[2])
  for (k in seq_along(coef(f))) put(case, paste(name, dist, "beta", k - 1), coef(f)[k])
  put(case, paste(name, dist, "sigma"), f$scale)
  error <- sqrt(diag(vcov(f)))
  for (k in seq_along(error)) put(case, paste(name, dist, "error", k - 1), error[k])
  f
}
profile_limit <- function(top, at, out, log_lik) uniroot(function(b) 2 * (top - log_lik(b)) - qchisq(0.95, 1), c(at, out), extendInt = "upX",
                                                         tol = 1e-12, maxiter = 1000)$root
for (dist in c("weibull", "lognormal")) {
  for (case in c("weibull", "mixed", "small", "exact", "right")) {
    d <- all[all$case == case, ]
    d$y <- surv_of(d)
    f <- fit(case, "single", y ~ 1, d, dist)
    # R does not fit a model of scale alone: the profile is taken over the scale by hand
    held <- function(b) optimize(function(s) survreg(y ~ 1, data = d, dist = dist, init = c(b, s), control = survreg.control(maxiter = 0))$loglik[2],
                                 log(f$scale) + c(-3, 3), maximum = TRUE, tol = 1e-10)$objective
    suppressWarnings(suppressMessages({
      put(case, paste("single", dist, "profile low"), uniroot(function(b) 2 * (f$loglik[2] - held(b)) - qchisq(0.95, 1), c(coef(f) - 1.5, coef(f)), tol = 1e-10)$root)
      put(case, paste("single", dist, "profile high"), uniroot(function(b) 2 * (f$loglik[2] - held(b)) - qchisq(0.95, 1), c(coef(f), coef(f) + 1.5), tol = 1e-10)$root)
    }))
    scaled <- function(s) survreg(y ~ 1, data = d, dist = dist, scale = exp(s), control = tight)$loglik[2]
    put(case, paste("single", dist, "sigma low"), exp(uniroot(function(s) 2 * (f$loglik[2] - scaled(s)) - qchisq(0.95, 1), log(f$scale) + c(-3, 0), tol = 1e-11)$root))
    put(case, paste("single", dist, "sigma high"), exp(uniroot(function(s) 2 * (f$loglik[2] - scaled(s)) - qchisq(0.95, 1), log(f$scale) + c(0, 4), tol = 1e-11)$root))
  }
  d <- all[all$case == "two", ]; d$y <- surv_of(d)
  fit("two", "groups", y ~ group, d, dist)
  d <- all[all$case == "three", ]; d$y <- surv_of(d)
  f <- fit("three", "groups", y ~ group, d, dist)
  g <- fit("three", "trend", y ~ log(x), d, dist)
  none <- survreg(y ~ 1, data = d, dist = dist, control = tight)
  put("three", paste("groups", dist, "ratio"), 2 * (f$loglik[2] - none$loglik[2]))
  put("three", paste("groups", dist, "ratio p"), pchisq(2 * (f$loglik[2] - none$loglik[2]), 2, lower.tail = FALSE))
  d <- all[all$case == "mixed", ]; d$y <- surv_of(d)
  fit("mixed", "both", y ~ group + x, d, dist)
}

# Turnbull: survfit stops at 5e-5, so its jumps are taken up by plain expectation and maximisation until nothing changes.
turnbull <- function(d) {
  s <- survfit(surv_of(d) ~ 1)
  jump <- s$n.event > 0 | -diff(c(1, s$surv)) > 0             # a jump of left-censored cells is not counted as an event
  t <- s$time[jump]; s$surv <- s$surv[jump]
  low <- ifelse(is.na(d$low), 0, d$low); high <- ifelse(is.na(d$high), Inf, d$high)
  if (any(is.na(d$high))) t <- c(t, 1e9)                      # what passes everything
  inside <- outer(seq_along(low), seq_along(t), function(i, j) ifelse(low[i] == high[i], t[j] == low[i], t[j] > low[i] & t[j] <= high[i]))
  p <- rep(1 / length(t), length(t))
  for (k in 1:2000000) {
    share <- as.vector(inside %*% p)
    new <- p * colSums(inside / share) / nrow(d)
    moved <- max(abs(new - p)); p <- new
    if (moved < 1e-16) break
  }
  list(time = t, p = p, surv = 1 - cumsum(p), loglik = sum(log(inside %*% p)), survfit = s$surv)
}
for (case in c("weibull", "two", "three", "mixed", "small", "exact", "right")) {
  d <- all[all$case == case, ]
  nt <- turnbull(d)
  put(case, "turnbull loglik", nt$loglik)
  for (k in seq_along(nt$survfit)) {
    put(case, paste("turnbull time", k - 1), nt$time[k])
    put(case, paste("turnbull survival", k - 1), nt$surv[k])
    put(case, paste("survfit survival", k - 1), nt$survfit[k])
  }
  put(case, "turnbull jumps", length(nt$survfit))
}

# The test: scores by their definition from those masses, every deal (or survdiff where nothing is interval-censored).
scores <- function(d, kind) {
  nt <- turnbull(d)
  low <- ifelse(is.na(d$low), 0, d$low); high <- ifelse(is.na(d$high), Inf, d$high)
  inside <- outer(seq_along(low), seq_along(nt$time), function(i, j) ifelse(low[i] == high[i], nt$time[j] == low[i], nt$time[j] > low[i] & nt$time[j] <= high[i]))
  if (kind == "Wilcoxon") return(sapply(seq_along(low), function(i) sum(nt$p[nt$time <= low[i] & !inside[i, ]]) - sum(nt$p[nt$time > high[i] & !inside[i, ]])))
  w <- inside * rep(nt$p, each = nrow(d)); w <- w / rowSums(w)
  left <- 1 - t(apply(w, 1, cumsum)) + w                      # still there just before each jump
  hazard <- colSums(w) / colSums(left)
  ends <- nt$time < 1e8
  rowSums((w - left * rep(hazard, each = nrow(d)))[, ends, drop = FALSE])
}
for (case in c("small", "two", "three", "mixed", "exact", "right")) {
  d <- all[all$case == case, ]
  for (kind in c("log-rank", "Wilcoxon")) {
    s <- scores(d, kind)
    for (g in unique(d$group)) put(case, paste(kind, "score of", g), sum(s[d$group == g]))
    if (case %in% c("small", "exact", "right")) {
      n <- nrow(d); na <- sum(d$group == "a")
      stat <- function(who) sum(s[who])^2 / na + sum(s[-who])^2 / (n - na)
      all_deals <- combn(n, na, stat)
      put(case, paste(kind, "exact p"), mean(all_deals >= stat(which(d$group == "a")) - 1e-9))
    }
  }
}
d <- all[all$case == "right", ]
s <- survdiff(Surv(low, !is.na(high)) ~ group, data = d)
put("right", "survdiff observed less expected a", (s$obs - s$exp)[1])
put("right", "survdiff observed less expected b", (s$obs - s$exp)[2])
d <- all[all$case == "exact", ]
put("exact", "wilcox.test p", wilcox.test(low ~ group, data = d, exact = TRUE)$p.value)
put("exact", "survdiff observed less expected a", with(survdiff(Surv(low) ~ group, data = d), (obs - exp)[1]))

# Distributions used by the intervals
put("tables", "chi-square 3.2 on 2", pchisq(3.2, 2, lower.tail = FALSE))
put("tables", "chi-square 11 on 5", pchisq(11, 5, lower.tail = FALSE))
put("tables", "chi-square 0.4 on 1", pchisq(0.4, 1, lower.tail = FALSE))
put("tables", "binomial 3 of 5 low", binom.test(3, 5)$conf.int[1])
put("tables", "binomial 3 of 5 high", binom.test(3, 5)$conf.int[2])
put("tables", "binomial 0 of 10 high", binom.test(0, 10)$conf.int[2])
put("tables", "binomial 27 of 30 low", binom.test(27, 30)$conf.int[1])
# Power of a t test on logarithms: what a test of ranks with uncensored log-normal CCDs should nearly reach
put("power", "t test of 12 each with ln ratio 0.30 and sigma 0.25", power.t.test(n = 12, delta = 0.30, sd = 0.25)$power)

write.csv(do.call(rbind, rows), file.path(folder, "reference.csv"), row.names = FALSE, quote = FALSE)
