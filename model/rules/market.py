"""The rare-earth market: routing between stages, demand, spatial price equilibrium, dependence."""

from __future__ import annotations

import numpy as np

from model.dimensions import Floats, Truths, total

ITERATIONS = 4
"""Steps of `clearing_log_price`: an error below 1e-10 in double precision; fixed, so that no world has to wait."""

LEAST_SHARE = 1e-6
"""A share in a quota never vanishes, or it could not grow again."""

TINY, LARGEST = 1e-30, 1e30


def share_of(part: Floats, whole: Floats) -> Floats:
    """Part of a whole (0-1), and 0 where there is no whole."""
    return part / np.maximum(whole, TINY)


def routed(content: Floats, capacity: Floats) -> tuple[Floats, Floats]:
    """Content processed by each country and content left over, each (country, material, worlds), t/month.

    A country first processes its own, all materials in the proportion in which it has them. What it
    cannot process goes to the countries with capacity to spare, in proportion to it, and is theirs
    from then on. What nobody can process stays where it is. `capacity` is (country, worlds).
    """
    available = total(content.swapaxes(0, 1))
    processed = content * np.minimum(1.0, share_of(capacity, available))[:, None]
    left, spare = content - processed, np.maximum(capacity - available, 0.0)
    offered, all_spare = total(left), total(spare)
    placed = np.minimum(1.0, share_of(all_spare, total(offered)))
    processed += offered * placed * share_of(spare, all_spare)[:, None]
    left *= 1.0 - placed
    return processed, left


def demand(scale: Floats, log_price: Floats, elasticity: Floats, shift: Floats | float = 0.0) -> Floats:
    """Demand (unit of `scale`) at a log price relative to the base price: isoelastic, its log moved by `shift`."""
    result: Floats = shift - elasticity * log_price
    np.exp(result, out=result)
    result *= scale
    return result


def clearing_log_price(
    availability: Floats,
    use_scale: Floats,
    stock_scale: Floats,
    elasticity: Floats,
    storage_response: Floats,
    expected: Floats | float = 0.0,
) -> Floats:
    """Log price, relative to the base, at which use and stock held together take what is available.

    Use is a·exp(-εx). Stock held is b·exp(s - (ε + 1/κ)x), where s is what the price that holders expect
    adds to it: they run stocks down while the price is above that (competitive storage, Deaton and
    Laroque 1992). With last month's price x₀ expected, s = x₀/κ, this is the adjustment rule
    ln P' = ln P + κ ln(cover*/cover) of inventory models, solved within the month. s is `expected`, apart
    from b since e^s may be too large a number. With b = 0 the market clears on use alone. Halley's
    method on the logarithm of the convex decreasing left side, in z = x/κ, begun at the larger root of
    the two terms.
    """
    steepness = elasticity * storage_response
    least = np.finfo(use_scale.dtype).tiny  # has a logarithm
    goal = np.log(np.maximum(availability, least))
    use = np.log(np.maximum(use_scale, least)) - goal
    cover = np.where(stock_scale > 0, np.log(np.maximum(stock_scale, least)) - goal - use + expected, -LARGEST)
    z: Floats = np.maximum(use / steepness, (use + cover) / (steepness + 1.0))
    for _ in range(ITERATIONS):
        held = np.exp(cover - z)  # months of use
        both = 1.0 + held
        held_part = held / both
        slope = steepness + held_part
        gap = use - steepness * z + np.log(both)
        z = z + gap * slope / (np.square(slope) - 0.5 * gap * held_part / both)
    return storage_response * z


def pooled_stock(stock_scale: Floats, expected: Floats) -> tuple[Floats, Floats]:
    """What several buyers (first axis) together want to hold: a scale, and the log of what expectations add to it.

    The sum of b·exp(s) over buyers as b'·exp(s'), s' being their largest s, as e^s may be too large a number.
    """
    top = expected[0]
    for row in expected[1:]:
        top = np.maximum(top, row)
    lower = expected - top
    np.exp(lower, out=lower)
    lower *= stock_scale
    return total(lower), top


def spatial_equilibrium(
    supply: Floats,
    stock: Floats,
    use_scale: Floats,
    stock_scale: Floats,
    capped: Floats,
    cap: Floats,
    licensor: int,
    elasticity: Floats,
    storage_response: Floats,
    expected: Floats | float = 0.0,
) -> tuple[Floats, Truths]:
    """Log prices (country, material, worlds) and whether the licence binds (material, worlds).

    Spatial price equilibrium (Samuelson 1952; Takayama and Judge 1971) of two groups of buyers. The
    country `licensor` ships at most `cap` (t/month) to the buyers marked 1 in `capped`. When that
    binds, all other suppliers sell where the price is higher, to the capped, and everyone else
    clears the rest; the difference of the two log prices is the licence's shadow price. When it does
    not bind there is one price. `expected` is, by country, what expectations add to the log of stocks.
    """

    def price(buyers: Floats, offered: Floats) -> Floats:
        """Log price at which the buyers marked 1 take what they hold and what is offered to them."""
        held, added = pooled_stock(stock_scale * buyers, np.where(buyers > 0, expected, -LARGEST))
        free = total(stock * buyers) + offered
        return clearing_log_price(free, total(use_scale * buyers), held, elasticity, storage_response, added)

    shipped = np.minimum(cap, supply[licensor])
    everyone = price(np.ones_like(capped), total(supply))
    inside = price(capped, total(supply) - supply[licensor] + shipped)
    outside = price(1 - capped, supply[licensor] - shipped)
    binding = (inside > outside) & (total(capped) > 0)
    return np.where(binding, np.where(capped > 0, inside, outside), everyone), binding


def licence_cap(normal: Floats, passed_share: Floats, leak_rate: Floats, wedge: Floats) -> Floats:
    """What reaches the capped buyers (unit of `normal`, their normal purchases): licensed and leaked.

    The blocked part leaks the more, the wider the wedge of last month.
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
    substitution: Floats,
    expected_log_price: Floats,
    slow_elasticity: Floats,
    fastest: Floats,
    months: Floats | float,
) -> Floats:
    """Demand after a month of substitution away from a dear material, or back to a cheap one (1 at the base price).

    Partial adjustment (Nerlove 1958) over so many months to the demand that a lasting price would
    leave, never faster than `fastest` (log) a month: users replace at most a tenth of their demand in
    a year and the market recovers within two (Sprecher et al. 2017).
    """
    goal = -slow_elasticity * expected_log_price
    goal -= np.log(substitution)
    goal /= months
    step = np.minimum(np.maximum(goal, -fastest, out=goal), fastest, out=goal)
    result: Floats = np.exp(step, out=step)
    result *= substitution
    return result


def mine_use(use: Floats, response: Floats, margin_log: Floats, least: Floats | float) -> Floats:
    """Part of mine capacity used next month (`least`-1): it follows the log of price over operating cost."""
    return np.clip(use * (1.0 + response * margin_log), least, 1.0)


def blended_use(use: Floats, working: Floats, opened: Floats, first_use: Floats | float) -> Floats:
    """Part of mine capacity used (0-1) once `opened` (t/month), of which `first_use` (0-1) is used, joins `working`.

    Mountain Pass mined 3,000 of 19,050 t in 2012, its first year.
    """
    return np.where(opened > 0, (use * working + first_use * opened) / np.maximum(working + opened, TINY), use)


def cut_off_loss(controlled_share: Floats, cost_share: Floats, source_elasticity: Floats) -> Floats:
    """Loss of output (share) if a supplier that controls part of an input cuts it off.

    L = α ln(1/(1 - ω)) / (σ - 1): Clayton, Maggiori and Schreger; Kleinman, Liu and Redding. The
    share controlled is held below 0.999, where the loss would have no bound.
    """
    return cost_share * -np.log1p(-np.minimum(controlled_share, 0.999)) / (source_elasticity - 1.0)
