"""Parameters of the rare-earth market, of investment, and of China's policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic

from model.parameters.declaration import Number, Word, choose, declare

EXPORT_POLICIES = (
    "strategic",
    "recorded",
    "open",
    "tighten",
    "licence_heavy",
    "licence_all",
    "embargo",
    "expand",
)
OBJECTIVES = ("profit", "share", "leverage")
INVENTORIES = ("held", "none")
STARTS = ("2025", "2024", "2008")
SETTING, OWN = "fund_agreement_2025", "design_assumption"


@dataclass(frozen=True, kw_only=True)
class MarketParameters(Generic[Number, Word]):
    """The market, investment, China's policy, and claims that can be tried."""

    # fmt: off
    # The market
    start: Word = choose("2025", STARTS, "year whose January is the first month, the same in all worlds of a run (before 2025: replays of the market)", OWN)
    price_level: Number = declare(1, "1", 0.25, 8, "rare-earth prices at the start, as a multiple of those on record; quantities stay those on record", OWN, "D")
    demand_elasticity: Number = declare(0.084, "1", 0.08, 0.3, "price elasticity of demand within the year", "stuermer_imf")
    bulk_growth: Number = declare(0.02, "1/year", -0.05, 0.08, "growth of demand for bulk materials", OWN, "D")
    magnet_growth: Number = declare(0.05, "1/year", -0.02, 0.10, "growth of demand for magnet and heavy materials", "iea_2024")
    demand_volatility: Number = declare(0.06, "1/sqrt(year)", 0, 0.12, "volatility of the news of demand over a year, in logs", "prices_2013_2016")
    news_delay: Number = declare(0.4, "share", 0, 0.45, "part of a month's news that reaches prices a month late: .211 in means of daily prices, above it slow quotes, 0 none", "working_1960", "D")
    rare_news_rate: Number = declare(0.6, "1/year", 0, 2, "rate of rare news of demand", "prices_2013_2016", "D")
    rare_news_size: Number = declare(4, "1", 1, 5, "size of rare news, in multiples of other news", "prices_2013_2016", "D")
    accident_rate: Number = declare(0.2, "1/year", 0, 0.5, "rate of accidents that stop mines, where mining is not as recorded", OWN, "D")
    accident_size: Number = declare(0.05, "log", 0.02, 0.15, "mean part of the world's mining that an accident stops", OWN, "D")
    accident_persistence: Number = declare(0.8, "per month", 0.6, 0.9, "part of what an accident stopped that is still stopped a month later", OWN, "D")
    inventories: Word = choose("held", INVENTORIES, "held: buyers hold stocks; none: the market clears each month", "deaton_laroque_1992")
    cover_months: Number = declare(2.35, "months", 1, 6, "stock that buyers want, in months of use", "riddle_2015")
    storage_response: Number = declare(0.1, "1", 0.03, 0.3, "fall of the expected rise of the log price that goes with a stock larger by one log point", "pindyck_1994", "D")
    bulk_choke: Number = declare(150, "USD/kg", 100, 300, "price of bulk material at which users leave", "smith_eggert_2018", "D")
    magnet_choke: Number = declare(1050, "USD/kg", 300, 1100, "price of magnet material at which users leave", "smith_eggert_2018", "D")
    heavy_choke: Number = declare(4900, "USD/kg", 2000, 5000, "price of heavy material at which users leave", "smith_eggert_2018", "D")
    hoarding: Number = declare(1.0, "1", 0, 3, "extra cover, in multiples, at a certain cut-off", "sprecher_2017")
    cut_off_memory: Number = declare(0.92, "per month", 0.7, 0.99, "part of the feared chance of a cut-off that is left after a quiet month", OWN, "D")
    expectation_gain: Number = declare(0.25, "per month", 0.1, 0.5, "weight of the newest price in the smoothed one that users and planners go by", OWN, "D")
    long_run_elasticity: Number = declare(1, "1", 0.5, 2, "price elasticity of the world market over years", "stuermer_imf")
    substitution_rate: Number = declare(0.10, "1/year", 0, 0.15, "fastest substitution away from a dear material", "sprecher_2017", "F")
    substitution_months: Number = declare(24, "months", 6, 60, "months over which users adjust to a lasting price", "sprecher_2017")
    quota_shift: Number = declare(0.1, "per month", 0, 1, "how fast exporters shift a quota of tonnes to the material that earns the higher rent", OWN, "D")
    licence_leak: Number = declare(0.25, "share", 0, 0.6, "part of the blocked quantity that leaks out, per log point of the wedge and ever slower", OWN, "D")
    freight_share: Number = declare(0.03, "share", 0, 0.2, "freight and insurance on imports, of the price", OWN)
    united_states_tariff: Number = declare(0.0, "share", 0, 1, "US tariff on rare earths", "reuters_quota", "policy")
    mine_response: Number = declare(0.055, "per month", 0, 0.3, "rise of mine use per log margin", OWN, "D")
    least_mine_use: Number = declare(0.05, "share", 0, 0.3, "part of its capacity that a mine always uses", OWN, "D")
    first_use: Number = declare(0.16, "share", 0.05, 0.8, "part of its capacity that a mine uses at first: Mountain Pass mined 3,000 of 19,050 t in 2012", "molycorp_2015", "F")
    least_reserve_life: Number = declare(5, "years", 1, 20, "years of output that a mine's reserve holds at the least", OWN, "D")
    headroom: Number = declare(1.1, "1", 1, 1.5, "capacity of China's plants over their output at the start", OWN, "D")
    mine_cost: Number = declare(5, "USD/kg", 2, 20, "operating cost of mining outside China, per kg REO", "arafura_press")
    separation_cost: Number = declare(4, "USD/kg", 2, 20, "operating cost of separation outside China, per kg REO", OWN)
    magnet_cost: Number = declare(40, "USD/kg", 10, 100, "cost of making magnets outside China, per kg of content", OWN)
    china_cost_advantage: Number = declare(0.5, "share", 0, 0.85, "how much less mining and separating cost in China", "gaskins_1971")
    environmental_cost: Number = declare(2, "USD/kg", 0, 15, "cost that US voters put on mining at home", "article_2025", "D")

    # Investment
    entry_rate: Number = declare(0.04, "1/year", 0.005, 0.1, "share of the world market that entrants build in a year at double the trigger", "sprecher_2017")
    investor_gain: Number = declare(0.2, "per month", 0.02, 0.6, "weight of the newest month in what investors expect of the danger in Ukraine", OWN)
    mine_lead: Number = declare(8, "years", 3, 25, "time from decision to output of any new project in Ukraine: the mean of new rare-earth facilities; its deposits are known since Soviet days, so not the 15.7 years from discovery (sp_global_2023)", "iea_2025", "F")
    plant_lead: Number = declare(5, "years", 2, 10, "time to extend a mine or build a plant", "iea_2025")
    project_life: Number = declare(25, "years", 10, 40, "working life of a project", OWN)
    price_volatility: Number = declare(0.3, "1/sqrt(year)", 0.05, 0.6, "price volatility that investors expect", "dixit_pindyck_1994")
    price_drift: Number = declare(0, "1/year", -0.05, 0.05, "growth of prices that investors expect in the value of waiting", "dixit_pindyck_1994", "D")
    mine_capital: Number = declare(40, "USD per kg/year", 15, 150, "capital cost of a mine", "arafura_press")
    separation_capital: Number = declare(66, "USD per kg/year", 20, 200, "capital cost of a separation plant", "iluka_press")
    magnet_capital: Number = declare(350, "USD per kg/year", 100, 800, "capital cost of a magnet plant, per kg of content", "mp_dod_2025")
    insured_share: Number = declare(0.0, "share", 0, 0.9, "part of the capital insured against war", SETTING, "policy")
    price_floor: Number = declare(110, "USD/kg", 0, 200, "price that US sellers of magnet material are assured from July 2025", "mp_dod_2025", "policy")
    japanese_floor: Number = declare(110, "USD/kg", 0, 200, "price of magnet material that Japan assures Lynas from March 2026 to 2038, for 5,000 t NdPr a year", "thewest_2026", "policy")
    stockpile_budget: Number = declare(0.6, "bn USD", 0, 12, "what the US stockpile announced in February 2026 spends on rare earths: a twentieth of its 12 bn USD for all critical minerals", "gbdaily_2026", "policy")
    stockpile_years: Number = declare(4, "years", 1, 10, "years over which it spends that", OWN, "policy")
    debt_share: Number = declare(0.7, "share", 0, 1.5, "part of the cost of new plants outside China that is borrowed", "iluka_press", "D")
    loan_interest: Number = declare(0.10, "1/year", 0, 0.2, "interest on those loans; projects of the table pay what is on record", "molycorp_2015")
    lender_patience: Number = declare(3, "years", 0, 20, "years of unpaid interest after which lenders foreclose: Mountain Pass opened in 2012 and failed in 2015", "molycorp_2015", "D")
    restart_share: Number = declare(0.25, "share", 0, 1, "cost of reopening an idle plant, of that of a new mine: 200 mn USD for Mountain Pass", "mp_restart_2019", "D")
    restart_years: Number = declare(1, "years", 0.25, 3, "years until an idle plant works again: Mountain Pass, sold in 2017, mined in 2018", "mp_restart_2019", "F")
    project_spread: Number = declare(0.2, "log", 0, 0.6, "spread of the cost of projects around its mean", "arafura_press")
    deposit_chance: Number = declare(0.3, "probability", 0, 1, "chance that Ukraine's deposits are ever economic", "reuters_ukraine_deposits_2025", "D")
    deposit_capacity: Number = declare(6000, "t REO/year", 500, 30000, "output of Ukraine's deposits once developed", OWN, "D")
    deposit_occupied: Number = declare(0.5, "share", 0, 1, "part of the rare-earth deposits under occupation at the start", "reuters_ukraine_deposits_2025", "D")
    war_loss: Number = declare(0.15, "1/year", 0, 0.6, "hazard of losing a project to war while there is fighting", "world_bank_rdna4", "D")

    # China
    china_policy: Word = choose("strategic", EXPORT_POLICIES, "strategic: China decides each quarter; recorded: the acts on record (table china_script) and mining as recorded; else one option throughout", "reuters_quota")
    china_objective: Word = choose("profit", OBJECTIVES, "what China maximises beside leverage", "payne_2025")
    leverage_value: Number = declare(2.0, "1", 0, 20, "worth to China of harm it could do to the United States, per unit of that harm", "rff_2025", "D")
    breach_cost: Number = declare(0.3, "share", 0, 3, "cost to China of a year of breaking trade rules, of the export revenue put under licence", "rff_2025", "D")
    china_precision: Number = declare(50, "1", 1, 200, "logit precision of China, per year of export revenue", "mckelvey_palfrey_1995")
    licence_share: Number = declare(0.3, "share", 0, 1, "part of normal exports that a licence lets through: .26 to .62 in April to June 2025", "automotiveworld_2025_06")
    quota_growth: Number = declare(0.04, "1/year", -0.05, 0.15, "growth of use that China's production quota follows at the start, and by which it tightens or expands", "reuters_quota")
    quota_gain: Number = declare(0.05, "1/year", 0, 0.5, "weight of the newest growth of use in the one that the quota follows", OWN, "D")
    quota_response: Number = declare(0.15, "1/year", 0, 0.3, "growth of the quota per log of the smoothed price over the base: regressions on 2018-2025, .15 (standard error .07) and .16 (.05)", "quotas_2018_2025", "D")
    licence_outlook: Number = declare(1.5, "months", 1, 8, "months that a new restriction is expected to last; one that has lasted t is expected to last t more", OWN, "D")
    initial_tension: Number = declare(0.5, "1", 0, 3, "tension between the United States and China at the start", OWN, "D")
    tension_volatility: Number = declare(0.05, "1", 0, 0.2, "standard deviation of a month's news of tension", OWN, "D")
    deal_provocation: Number = declare(0.05, "1", 0, 0.5, "tension that a deal of the United States with Ukraine adds", OWN, "D")
    tension_return: Number = declare(0.1, "per month", 0, 0.5, "part of the way back to normal tension in a month", OWN, "D")
    tension_spent: Number = declare(0.2, "per month", 0, 0.6, "part of the tension that a month of restriction uses up", "rff_2025", "D")
    leverage_profit_weight: Number = declare(0.5, "share", 0, 1, "weight of profit beside leverage where China seeks leverage", OWN, "D")

    # Claims that can be tried
    ukraine_output_share: Number = declare(0.0, "share", 0, 0.1, "part of the world's mine output that Ukraine supplies at the start", "ukraine_survey_2025", "F")
    china_reserves: Number = declare(44e6, "t REO", 1e6, 1e8, "reserves of China", "usgs_mcs_2025", "F")
    # fmt: on
