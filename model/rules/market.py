"""The rare-earth market: routing between stages, demand, spatial price equilibrium, dependence."""

from __future__ import annotations

import numpy as np

from model.array_axes import Floats, Truths, at_least, total

LEAST_SHARE = 1e-6
"""A share in a quota never vanishes, or it could not grow again."""

TINY = 1e-30


def share_of(part: Floats, whole: Floats) -> Floats:
    """Part of a whole (0-1), and 0 where there is no whole."""
    return part / at_least(whole, TINY)


def routed(content: Floats, capacity: Floats) -> tuple[Floats, Floats]:
    """Content processed by each country and content left over, each (country, material, worlds), t/month.

    A country first processes its own, all materials in the proportion in which it has them. What it
    cannot process goes to the countries with capacity to spare, in proportion to it, and is theirs
    from then on. What nobody can process stays where it is. `capacity` is (country, worlds).
    """
    available = total(content.swapaxes(0, 1))
    processed = content * np.clip(share_of(capacity, available), 0.0, 1.0)[:, None]
    left, spare = content - processed, capacity - np.minimum(capacity, available)
    offered, all_spare = total(left), total(spare)
    placed = np.minimum(1.0, share_of(all_spare, total(offered)))
    offered *= placed
    processed += offered * share_of(spare, all_spare)[:, None]
    left *= 1.0 - placed
    return processed, left


def demand(scale: Floats, log_price: Floats, elasticity: Floats, shift: Floats | float = 0.0) -> Floats:
    """Demand (unit of `scale`) at a log price relative to the base price: isoelastic, its log moved by `shift`."""
    result: Floats = shift - elasticity * log_price
    np.exp(result, out=result)
    result *= scale
    return result


def licence_cap(normal: Floats, passed_share: Floats, leak_rate: Floats, wedge: Floats) -> Floats:
    """What reaches the capped buyers (unit of `normal`, their normal purchases): licensed and leaked.

    The blocked part leaks the more, the wider the wedge has been (log).
    """
    leak = np.maximum(1.0 - passed_share, 0.0) * -np.expm1(-leak_rate * wedge)
    return normal * (passed_share + leak)


def shifted_quota(shares: Floats, rent: Floats, speed: Floats) -> Floats:
    """Shares of the materials in a quota of tonnes (material, worlds) a month later, given what each earns.

    Exporters shift tonnes to what earns more `rent` (USD/kg) than the average, by at most `speed` (log) a
    month: replicator dynamics (Taylor and Jonker 1978). Their rest is the equilibrium of one quota for
    several goods, in which the rent is the same number of dollars per kilogram; speed 0 keeps the shares.
    """
    mean = total(shares * rent)
    lead = np.clip(rent / np.maximum(mean, TINY) - 1.0, -1.0, 1.0) * (mean > 0)
    moved = np.maximum(shares * np.exp(speed * lead), LEAST_SHARE)
    return moved / total(moved)


def pooled_flows(offered: Floats, wanted: Floats) -> Floats:
    """Trade (exporter, importer, material, worlds) of one pool, in t/month.

    A country serves itself first; what is left meets what is lacking in proportion. A negative
    `wanted` is stock sold again.
    """
    kept = np.clip(wanted, 0.0, offered)
    surplus, lacking = offered - np.minimum(wanted, offered), np.maximum(wanted - offered, 0.0)
    flows = surplus[:, None] * share_of(lacking, total(lacking))[None]
    countries = np.arange(len(offered))
    flows[countries, countries] = kept
    return flows


def pair_flow(offered: Floats, wanted: Floats, exporter: int, importer: int) -> Floats:
    """The entry of `pooled_flows` for one exporter and another country, (material, worlds), t/month."""
    lacking = np.maximum(wanted - offered, 0.0)
    surplus = offered[exporter] - np.minimum(wanted[exporter], offered[exporter])
    return surplus * share_of(lacking[importer], total(lacking))


def sales(
    supply: Floats, arrivals: Floats, capped: Floats, cap: Floats, binding: Truths, licensor: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """What is offered and wanted inside the capped group and outside it, each (country, material, worlds).

    Returns (offered inside, wanted inside, offered outside, wanted outside).
    """
    offered_inside, offered_outside = offers(supply, cap, binding, licensor)
    wanted_inside = arrivals * (capped * binding)
    return offered_inside, wanted_inside, offered_outside, arrivals - wanted_inside


def offers(supply: Floats, cap: Floats, binding: Truths, licensor: int) -> tuple[Floats, Floats]:
    """What is offered inside the capped group and outside it, each (country, material, worlds).

    Where the licence binds, all suppliers but the licensor sell inside.
    """
    inside = supply * binding
    inside[licensor] = np.minimum(cap, supply[licensor]) * binding
    return inside, supply - inside


def controlled_share(offered: Floats, consumed: Floats, exporter: int, importer: int) -> Floats:
    """Part of a country's use (0-1) that `exporter` controls in the pool it buys from, (material, worlds).

    What its own supply does not cover comes from the supply of the others, in proportion.
    """
    foreign = np.maximum(1.0 - share_of(offered[importer], consumed), 0.0)
    return foreign * share_of(offered[exporter], total(offered) - offered[importer])


def substituted(
    log_substitution: Floats,
    smoothed_log_price: Floats,
    slow_elasticity: Floats,
    fastest: Floats,
    months: Floats | float,
) -> Floats:
    """Log of demand after a month of substitution away from a dear material, or back to a cheap one (0 at the base).

    Partial adjustment (Nerlove 1958) over so many months to the demand that a lasting price would
    leave, never faster than `fastest` (log) a month: users replace at most a tenth of their demand in
    a year and the market recovers within two (Sprecher et al. 2017).
    """
    step: Floats = -slow_elasticity * smoothed_log_price
    step -= log_substitution
    step /= months
    np.minimum(np.maximum(step, -fastest, out=step), fastest, out=step)
    step += log_substitution
    return step


def mine_use(use: Floats, response: Floats, margin_log: Floats, least: Floats | float) -> Floats:
    """Part of mine capacity used next month (`least`-1): it follows the log of price over operating cost."""
    return np.clip(np.maximum(use * (1.0 + response * margin_log), least), 0.0, 1.0)


def blended_use(use: Floats, working: Floats, opened: Floats, first_use: Floats | float) -> Floats:
    """Part of mine capacity used (0-1) once `opened` (t/month), of which `first_use` (0-1) is used, joins `working`.

    Mountain Pass mined 3,000 of 19,050 t in 2012, its first year.
    """
    return use + (first_use - use) * share_of(opened, working + opened)


def cut_off_loss(controlled_share: Floats, cost_share: Floats, source_elasticity: Floats) -> Floats:
    """Loss of output (share) if a supplier that controls part of an input cuts it off.

    L = α ln(1/(1 - ω)) / (σ - 1): Clayton, Maggiori and Schreger; Kleinman, Liu and Redding. The
    share controlled is held below 0.999, where the loss would have no bound.
    """
    return cost_share * -np.log1p(-np.minimum(controlled_share, 0.999)) / (source_elasticity - 1.0)
