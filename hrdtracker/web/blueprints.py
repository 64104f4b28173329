"""Every part of the pages, one line each."""

from hrdtracker.web import accounts, audit, calendar, factors, older, readings, setup
from hrdtracker.web.admin import backups, colleagues, jobs, lockdown, organisation, proposals
from hrdtracker.web.admin import users as admin
from hrdtracker.web.cases import access as case_access
from hrdtracker.web.cases import appeal, bail, recovery
from hrdtracker.web.cases import custody as case_custody
from hrdtracker.web.cases import steps as custody_steps
from hrdtracker.web.cases import views as cases
from hrdtracker.web.cases import work as case_work
from hrdtracker.web.clocks import at_limit, tonight
from hrdtracker.web.clocks import dispute as disputes
from hrdtracker.web.clocks import views as clocks
from hrdtracker.web.duty import sheet as duty_sheet
from hrdtracker.web.duty import views as duty
from hrdtracker.web.fund.money import books as fund_money_books
from hrdtracker.web.fund.money import grant_end as fund_money_grant_end
from hrdtracker.web.fund.money import grants as fund_money_grants
from hrdtracker.web.fund.money import index as fund_money
from hrdtracker.web.fund.money import internal as fund_money_internal
from hrdtracker.web.fund.money import payments as fund_money_payments
from hrdtracker.web.fund.money import rates as fund_money_rates
from hrdtracker.web.fund.money import reports as fund_money_reports
from hrdtracker.web.fund.money import settings as fund_money_settings
from hrdtracker.web.fund.money import witness as fund_money_witness
from hrdtracker.web.fund.requests import commit as fund_commit
from hrdtracker.web.fund.requests import complaints as fund_complaints
from hrdtracker.web.fund.requests import decide as fund_decide
from hrdtracker.web.fund.requests import follow_up as fund_follow
from hrdtracker.web.fund.requests import stuck as fund_stuck
from hrdtracker.web.fund.requests import views as fund
from hrdtracker.web.hearings import agenda, sheet
from hrdtracker.web.hearings import observation as observations
from hrdtracker.web.hearings import views as hearings
from hrdtracker.web.home import notices
from hrdtracker.web.home import views as home
from hrdtracker.web.incidents import facts as incident_facts
from hrdtracker.web.incidents import imports, review
from hrdtracker.web.incidents import sampling as samples
from hrdtracker.web.incidents import views as incidents
from hrdtracker.web.law import change as law_change
from hrdtracker.web.law import proposed as law_proposed
from hrdtracker.web.law import views as law
from hrdtracker.web.numbers import release as numbers_release
from hrdtracker.web.numbers import views as numbers
from hrdtracker.web.people import ages as person_ages
from hrdtracker.web.people import views as people
from hrdtracker.web.proceedings import charges, confirming, joining, judgments, requests, titles
from hrdtracker.web.proceedings import views as proceedings
from hrdtracker.web.shell import views as shell

BLUEPRINTS = (
    shell.bp,
    setup.bp,
    calendar.bp,
    accounts.bp,
    factors.bp,
    home.bp,
    notices.bp,
    incidents.bp,
    incident_facts.bp,
    review.bp,
    samples.bp,
    imports.bp,
    cases.bp,
    case_custody.bp,
    custody_steps.bp,
    bail.bp,
    case_work.bp,
    case_access.bp,
    recovery.bp,
    appeal.bp,
    tonight.bp,
    disputes.bp,
    at_limit.bp,
    clocks.bp,
    duty_sheet.bp,
    duty.bp,
    law.bp,
    law_change.bp,
    law_proposed.bp,
    agenda.bp,
    hearings.bp,
    proceedings.bp,
    joining.bp,
    confirming.bp,
    requests.bp,
    charges.bp,
    judgments.bp,
    titles.bp,
    sheet.bp,
    numbers.bp,
    numbers_release.bp,
    observations.bp,
    people.bp,
    person_ages.bp,
    admin.bp,
    colleagues.bp,
    organisation.bp,
    proposals.bp,
    jobs.bp,
    backups.bp,
    lockdown.bp,
    older.bp,
    audit.bp,
    readings.bp,
    fund.bp,
    fund_decide.bp,
    fund_commit.bp,
    fund_follow.bp,
    fund_complaints.bp,
    fund_stuck.bp,
    fund_money.bp,
    fund_money_grant_end.bp,
    fund_money_grants.bp,
    fund_money_payments.bp,
    fund_money_rates.bp,
    fund_money_books.bp,
    fund_money_internal.bp,
    fund_money_reports.bp,
    fund_money_settings.bp,
    fund_money_witness.bp,
)
