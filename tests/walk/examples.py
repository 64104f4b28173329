"""Examples of valid values, for fields that only certain words fit and forms with rules across."""

KEEP, UNTICKED = "as it stands", "not ticked"
EXAMPLES: dict[str, dict[str, str]] = {
    "accounts.sign_in": {"login": "{login}", "password": "{password}"},
    "accounts.password": {"present": "{password}"},
    "case_custody.record": {"what": "released", "who|held": KEEP, "head_count-.*": KEEP},
    "factors.confirm_app": {"code": "{digits}"},
    "setup.welcome": {"code": "{code}"},
    "admin.invite": {"login": "walked.monitor"},
    "admin.user": {"ends_on": "31 December 2031"},
    "audit.verify": {"head": ""},
    "disputes.dispute": {"ends": "18 November 2027 09:40"},
    "fund_follow.account": {"returned|danger": "", "alternative": UNTICKED},
    "fund.budget": {r"(items-[1-9]|instalments-\d)-.*": KEEP},
    "people.edit": {"birth": "1 May 1990", "age|age_on": ""},
    "people.new": {"birth": "1 May 1990", "age|age_on": ""},
    "fund_money_books.book": {"currency": "EUR"},
    "fund_money_books.reverse": {"kind": "came_back", "back_on": "today"},
    "fund_money_grant_end.end": {"ended_on": "today", "promises-.*": KEEP},
    "fund_money_payments.back": {"on": "today"},
    "fund_money_grants.new_donor": {"code": "WALKED"},
    "fund_money_grants.new_grant": {"code": "WALKED", "ends_on": "31 December 2031"},
    "fund_money_grants.new_line": {"code": "WALKED"},
    "fund_money_reports.money": {"first": "{eleven_months_ago}"},
    "fund_money_reports.people": {"first": "{eleven_months_ago}"},
    "law_change.change": {"(?!note).*": KEEP},
    "law_change.holidays": {"days": "2027-01-01 International New Year"},
    "organisation.settings": {"zone": "Asia/Phnom_Penh", "factors_by": "1 May 2027"},
    "organisation.limits": {".*_hour|.*_day": "120"},
}
"""By the page that a form is sent to: what stands in fields whose names fit a pattern."""
