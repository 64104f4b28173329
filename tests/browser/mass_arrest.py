"""The day of a mass arrest, step by step, as somebody walks it in a browser."""

from playwright.sync_api import Page, expect

STILL_HELD = ".alert--ok"


def paste(page: Page, names: list[str]) -> None:
    """Paste names, let the page read them, and wait for its ticks: what is typed before is kept."""
    page.locator("#who").fill("\n".join(names))
    page.locator("button[name=read]").click()
    expect(page.locator("input[name=stays]:checked")).not_to_have_count(0)


def say(page: Page, what: str, when: str, **fields: str) -> None:
    """Say what happened and when; `fields` are chosen or filled by the kind of their control."""
    page.locator("#what").select_option(what)
    page.locator("#when").fill(when)
    for name, value in fields.items():
        control = page.locator(f"#{name}")
        is_list = control.evaluate("control => control.tagName") == "SELECT"
        if is_list:
            control.select_option(value)
        else:
            control.fill(value)


def record(page: Page) -> None:
    """Look at the sentence, and record it."""
    page.locator("button[name=look]").click()
    page.locator("button[name=record]").click()
    expect(page.locator(STILL_HELD)).to_be_visible()


def tick(page: Page, *places: int) -> None:
    """Tick people by their places in the list, the first is 0."""
    for place in places:
        page.locator("input[name=stays]").nth(place).set_checked(True, force=True)


def too_wide(page: Page) -> list[str]:
    """Return what reaches beyond the edge of the screen."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll("main *")]
           .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
           .map(each => each.outerHTML.slice(0, 90))"""
    )
    return found
