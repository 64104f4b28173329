import re
from tests.security.test_crawl import *
from tests.security.test_crawl import _walk
def test_zz(visits):
    for path, text in _walk(visits, "auditor"):
        for m in CANARY.finditer(text):
            print("HIT", path, re.sub(r"<[^>]+>"," ",text[max(0,m.start()-900):m.end()+60]).split())
            return
