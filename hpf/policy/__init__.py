"""Law as dated data: parameters by day and place, each with its source, and the business day.

A rule asks ``law.base_cap_fen``; on a day for which nothing was decided the answer is the refusal ``POLICY-NO-LAW``
that names the parameter, never ``None`` and never the last value known.
"""

from hpf.policy.calendar import business_day, choose_business_day, keep_to_the_real_day
from hpf.policy.law import PARAMETERS, Law, NoLawInForce, Term, law_of, place_chain
from hpf.policy.parameters import law_on, load_new, load_shipped
from hpf.policy.rest_days import after_working_days, is_working_day
from hpf.policy.shipped import shipped_law, shipped_terms

__all__ = [
    "PARAMETERS",
    "Law",
    "NoLawInForce",
    "Term",
    "after_working_days",
    "business_day",
    "choose_business_day",
    "is_working_day",
    "keep_to_the_real_day",
    "law_of",
    "law_on",
    "load_new",
    "load_shipped",
    "place_chain",
    "shipped_law",
    "shipped_terms",
]
