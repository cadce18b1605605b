"""Nobody sees or changes anything without a token, nor by way of another site."""

import re
import time

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from s3mover import Mover, MoverError
from s3mover.web import anyone, create_app
from s3mover.web.access import SESSION
from s3mover.web.tokens import LIFETIME, Tokens
from tests.s3mover.web.browsing import BEARER, FORM, HERE, MOVE, TOKEN, client_of, routes, sign_in

KEPT = "s3://bucket/kept-from-strangers"
UNSAFE = {"POST", "DELETE"}
FORMS = {"/start", "/cancel", "/steer", "/logout"}

# They tell nothing of any move: the files of the page, whether it runs, and how to sign in.
PUBLIC = {
    ("GET", "/static/{name}"),
    ("GET", "/healthz"),
    ("GET", "/login"),
    ("POST", "/login"),
}
PAGE = {
    *{("GET", path) for path in ("/", "/prefix")},
    *{("POST", path) for path in ("/start", "/cancel", "/steer", "/logout")},
}


@pytest.fixture
def move_id(mover: Mover) -> str:
    return mover.move(KEPT, "s3://bucket/b")


def test_an_application_without_a_token_is_refused_and_says_what_to_do() -> None:
    with pytest.raises(MoverError, match="S3MOVER_WEB_TOKEN"):
        create_app(tokens=[])


@pytest.mark.parametrize(
    "token", ["", "short", "with a blank in the middle", "ümlaut-ümlaut-ümlaut"]
)
def test_a_token_that_can_be_guessed_or_not_be_sent_is_refused(token: str) -> None:
    with pytest.raises(MoverError) as caught:
        create_app(tokens=[token])

    assert "S3MOVER_WEB_TOKEN" in str(caught.value)
    assert not token or token not in str(caught.value)


def test_one_token_is_no_list_of_tokens() -> None:
    with pytest.raises(MoverError, match="list"):
        create_app(tokens=TOKEN)


def test_two_that_decide_are_one_too_many() -> None:
    with pytest.raises(ValueError, match="not both"):
        create_app(tokens=[TOKEN], authenticate=anyone)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong-wrong-wrong-wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Basic {TOKEN}"},
        {"Cookie": f"{SESSION}={TOKEN}"},
        {"Cookie": f"{SESSION}=9999999999.x.y"},
        {"Cookie": f"{SESSION}="},
    ],
)
def test_no_route_shows_anything_without_the_token(
    app: Starlette, move_id: str, headers: dict[str, str]
) -> None:
    seen = set(routes(app))
    client = client_of(app, **HERE, **headers)

    for method, path in seen - PUBLIC:
        answer = client.request(method, path.format(id=move_id), headers=FORM, content=b"")
        if (method, path) in PAGE:
            assert (answer.status_code, answer.headers["location"]) == (303, "login")
            assert answer.text == ""
        else:
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer"
        assert "strangers" not in answer.text
    assert seen >= PUBLIC | PAGE


def test_what_is_public_tells_nothing_of_any_move(
    app: Starlette, nobody: TestClient, move_id: str
) -> None:
    for method, path in PUBLIC:
        for name in ("page.css", "page.js", "icon.svg", "../page.py", "nothing"):
            answer = nobody.request(method, path.format(name=name), headers=FORM)
            assert "strangers" not in answer.text
            assert move_id not in answer.text


def test_nothing_of_a_stranger_reaches_the_journal(
    app: Starlette, mover: Mover, nobody: TestClient, move_id: str
) -> None:
    nobody.post("/moves", json=MOVE)
    nobody.post("/start", data=MOVE, headers=HERE)
    nobody.delete(f"/moves/{move_id}")
    nobody.post("/cancel", data={"id": move_id}, headers=HERE)

    assert [record.state for record in mover.list()] == ["queued"]


def test_the_token_opens_the_api_and_the_page(api: TestClient, move_id: str) -> None:
    assert KEPT in api.get("/moves").text
    assert KEPT in api.get("/").text


def test_a_session_opens_the_page_and_the_api(browser: TestClient, move_id: str) -> None:
    assert KEPT in browser.get("/").text
    assert KEPT in browser.get("/moves").text


def test_a_session_is_kept_from_scripts_and_other_sites(app: Starlette) -> None:
    http, https = client_of(app, **HERE), TestClient(app, "https://testserver", headers=HERE)

    cookie = http.post("/login", data={"token": TOKEN}).headers["set-cookie"].lower()
    safe = https.post("/login", data={"token": TOKEN}, follow_redirects=False).headers["set-cookie"]

    assert {"httponly", "samesite=strict", "path=/"} < set(cookie.split("; "))
    assert "secure" in safe.lower().split("; ")
    assert TOKEN not in cookie


def test_a_wrong_token_opens_no_session(app: Starlette) -> None:
    answer = client_of(app, **HERE).post("/login", data={"token": "wrong-wrong-wrong-wrong"})

    assert answer.status_code == 403
    assert "no valid token" in answer.text
    assert "set-cookie" not in answer.headers


def test_signing_out_ends_the_session_of_the_browser(browser: TestClient) -> None:
    csrf = re.search('action="logout">.*?name="csrf" value="(.*?)"', browser.get("/").text)
    assert csrf

    assert browser.post("/logout", data={"csrf": csrf[1]}).headers["location"] == "login"

    assert browser.get("/").headers["location"] == "login"


def test_a_session_ends_with_its_time_its_token_and_any_change() -> None:
    tokens, now = Tokens.of([TOKEN, "another-token-of-ours"]), time.time()
    session = tokens.session(TOKEN, now)
    later = session.replace(session[:4], "9999", 1)

    assert tokens.is_session(session, now)
    assert tokens.is_session(session, now + LIFETIME - 1)
    assert not tokens.is_session(session, now + LIFETIME)
    assert not tokens.is_session(later, now)
    assert not Tokens.of(["another-token-of-ours"]).is_session(session, now)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://elsewhere"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "http://testserver.elsewhere"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "same-site"},
        {},
    ],
)
def test_no_unsafe_route_obeys_a_session_for_another_site(
    app: Starlette, mover: Mover, move_id: str, headers: dict[str, str]
) -> None:
    session = sign_in(app).cookies[SESSION]
    browser = client_of(app, Cookie=f"{SESSION}={session}")

    unsafe = [(method, path) for method, path in routes(app) if method in UNSAFE]
    for method, path in unsafe:
        answer = browser.request(
            method, path.format(id=move_id), headers={**headers, **FORM}, content=b"token=x"
        )
        assert answer.status_code == 403, path

    assert len(unsafe) >= 6
    assert [record.state for record in mover.list()] == ["queued"]


@pytest.mark.parametrize("csrf", [None, "", "x", "0" * 64])
def test_no_form_is_obeyed_without_what_only_the_page_holds(
    browser: TestClient, mover: Mover, move_id: str, csrf: str | None
) -> None:
    fields = {"id": move_id, **MOVE} | ({} if csrf is None else {"csrf": csrf})

    for path in FORMS:
        assert browser.post(path, data=fields).status_code == 403

    assert [record.state for record in mover.list()] == ["queued"]


def test_a_program_with_the_token_comes_from_no_site(api: TestClient) -> None:
    assert api.post("/moves", json=MOVE, headers={"Origin": "http://else"}).status_code == 202


def test_every_answer_tells_the_browser_to_run_nothing_else(
    app: Starlette, api: TestClient, nobody: TestClient, move_id: str
) -> None:
    got = [nobody.get("/login"), nobody.get("/"), nobody.get("/static/page.js"), api.get("/none")]
    got += [api.get("/"), api.get("/moves"), nobody.get("/moves")]

    for answer in got:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        public = "/static/" in str(answer.url)
        assert answer.headers["cache-control"] == ("max-age=300" if public else "no-store")


def test_another_application_may_decide_who_comes_in(mover: Mover, move_id: str) -> None:
    def by_header(request: Request) -> bool:
        return request.headers.get("x-user") == "known"

    app = create_app(mover, authenticate=by_header)

    assert client_of(app).get("/moves").status_code == 401
    assert client_of(app).get("/").status_code == 401
    assert KEPT in client_of(app, **{"x-user": "known"}).get("/").text
    assert client_of(app, **{"x-user": "known"}).post("/moves", json=MOVE).status_code == 202
    assert client_of(app).get("/login").status_code == 404


def test_it_may_take_its_time_to_decide(mover: Mover, move_id: str) -> None:
    async def nobody(_request: Request) -> bool:
        return False

    assert client_of(create_app(mover, authenticate=nobody)).get("/moves").status_code == 401


def test_behind_another_application_the_forms_of_other_sites_change_nothing(mover: Mover) -> None:
    app = create_app(mover, authenticate=anyone)
    client = client_of(app)
    csrf = re.search('name="csrf" value="(.*?)"', client.get("/").text)
    assert csrf
    fields = {**MOVE, "csrf": csrf[1]}

    elsewhere = client.post("/start", data=fields, headers={"Origin": "http://elsewhere"})
    assert elsewhere.status_code == 403
    assert client_of(app).post("/start", data=fields, headers=HERE).status_code == 403
    assert client.delete("/moves/x", headers={"Origin": "http://elsewhere"}).status_code == 403
    assert mover.list() == []

    assert client.post("/start", data=fields, headers=HERE).status_code == 303
    assert len(mover.list()) == 1


def test_a_token_in_a_header_is_taken_before_a_session(browser: TestClient) -> None:
    wrong = {"Authorization": "Bearer wrong-wrong-wrong-wrong"}

    assert browser.get("/moves", headers=wrong).status_code == 401
    assert browser.get("/moves", headers=BEARER).status_code == 200
