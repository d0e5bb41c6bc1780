"""People come in by an invitation, a passkey or a code, and go out again, in a real browser."""

import re

import pyotp
from playwright.async_api import Page, expect

from tests.pages.conftest import House, Watched

PASSWORD = "gara parole ar atstarpēm 2026"  # of a test


async def said(page: Page, text: str) -> None:
    await expect(page.get_by_role("heading", level=1)).to_have_text(text)


async def press(page: Page, name: str | re.Pattern[str]) -> None:
    await page.get_by_role("button", name=name).click()


async def test_an_invited_person_makes_a_passkey_and_comes_back_by_it(
    house: House, somebody: Watched
) -> None:
    page = somebody.page
    await somebody.authenticator()
    link = await house.invited(house.ligzda, "Ilze Kalniņa", "ilze@ligzda.example")
    await page.goto(f"{house.url}/records/00000000-0000-4000-8000-000000000000")
    await said(page, "Ienākt Saiknē")
    await page.goto(link)
    await said(page, "Laipni lūdzam, Ilze Kalniņa")
    await press(page, "Viss pareizi, tālāk")
    await said(page, "Kā Jūs ienāksiet?")
    await page.goto(f"{house.url}/")
    await said(page, "Kā Jūs ienāksiet?")
    await page.get_by_label("Kā saukt šo ierīci").fill("darba dators")
    await press(page, "Izveidot piekļuves atslēgu")
    await said(page, "Darāmais")
    await press(page, "Iziet")
    await said(page, "Ienākt Saiknē")
    await press(page, "Ienākt ar piekļuves atslēgu")
    await said(page, "Darāmais")
    await page.goto(link)
    await said(page, "Šī saite vairs neder")
    assert somebody.wrong == ["Failed to load resource: the server responded with a status of 410 (Gone)"]
    somebody.wrong.clear()


async def test_a_person_without_a_passkey_comes_in_by_password_and_code(
    house: House, somebody: Watched
) -> None:
    page = somebody.page
    await page.goto(await house.invited(house.ligzda, "Rita Balode", "rita@ligzda.example"))
    await press(page, "Viss pareizi, tālāk")
    await page.get_by_text("Pievienot paroli un kodu").click()
    code = pyotp.TOTP(await page.locator(".mono").inner_text()).now()
    await page.get_by_label("Parole").fill(PASSWORD)
    await page.get_by_label("Kods no lietotnes").fill(code)
    await press(page, "Saglabāt")
    await said(page, "Kā Jūs ienākat")
    await press(page, "Iziet visās ierīcēs")
    await page.get_by_text("Ar e-pastu, paroli un kodu").click()
    await page.get_by_label("E-pasts").fill("Rita@Ligzda.example")
    await page.get_by_label("Parole").fill(PASSWORD)
    await page.get_by_label("Kods no lietotnes").fill(code)  # it counts once, whatever the app shows by now
    await press(page, re.compile("^Ienākt Saiknē$"))
    await expect(page.get_by_role("alert")).to_contain_text("E-pasts, parole vai kods neder")
    assert [said.rpartition(" status of ")[2] for said in somebody.wrong] == ["401 (Unauthorized)"]
    somebody.wrong.clear()
