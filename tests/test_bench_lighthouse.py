"""The table of Lighthouse's figures says what Lighthouse said, and the server compresses text."""

import gzip
from urllib.request import Request, urlopen

import pytest

from tools import bench_lighthouse
from tools.serve import CompressingHandler, serving

REPORT = {
    "categories": {name: {"score": 0.96} for name in bench_lighthouse.CATEGORIES},
    "audits": {name: {"numericValue": 1024.0} for name in bench_lighthouse.AUDITS},
}


def test_figures_are_lighthouses_in_the_units_of_the_table():
    found = bench_lighthouse.figures(REPORT)
    assert found["seo"] == pytest.approx(96)
    assert (found["LCP, s"], found["TBT, ms"], found["KiB"]) == (1.024, 1024, 1)


def test_a_page_that_could_not_be_visited_is_an_error_with_lighthouses_words():
    with pytest.raises(RuntimeError, match="went away"):
        bench_lighthouse.figures({**REPORT, "runtimeError": {"message": "The page went away."}})


def test_a_star_stands_where_a_phone_misses_its_aim_and_nowhere_else():
    good = {name: 95.0 for name in bench_lighthouse.CATEGORIES} | bench_lighthouse.REACH
    bad = {**good, "seo": 94.0, "CLS": 0.03}
    rows = [
        {"page": page, "form": form, "median": median}
        for page, form, median in (
            ("good", "phone", good),
            ("bad", "phone", bad),
            ("bad", "desktop", bad),
        )
    ]
    stars = [line.count("*") for line in bench_lighthouse.table(rows).splitlines()]
    assert stars == [0, 0, 2, 0]


def test_what_is_served_compressed_is_the_file(tmp_path):
    (tmp_path / "page.html").write_text("<p>good day</p>" * 100)
    (tmp_path / "font.woff2").write_bytes(b"\0\1\2")
    with serving(tmp_path, handler=CompressingHandler) as address:
        with urlopen(Request(f"{address}/page.html", headers={"Accept-Encoding": "gzip"})) as page:
            body = page.read()
            assert page.headers["Content-Encoding"] == "gzip"
            assert int(page.headers["Content-Length"]) == len(body) < 200
        assert gzip.decompress(body).decode() == "<p>good day</p>" * 100
        with urlopen(f"{address}/font.woff2") as font:
            assert font.headers["Content-Encoding"] is None
            assert font.read() == b"\0\1\2"
