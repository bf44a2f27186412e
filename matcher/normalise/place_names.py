"""Names of regions and countries, by the code that stands for them."""

from __future__ import annotations

_US = """alabama al, alaska ak, arizona az, arkansas ar, california ca, colorado co, connecticut ct,
delaware de, district of columbia dc, washington dc dc, florida fl, georgia ga, hawaii hi, idaho id,
illinois il, indiana in, iowa ia, kansas ks, kentucky ky, louisiana la, maine me, maryland md,
massachusetts ma, michigan mi, minnesota mn, mississippi ms, missouri mo, montana mt, nebraska ne,
nevada nv, new hampshire nh, new jersey nj, new mexico nm, new york ny, north carolina nc,
north dakota nd, ohio oh, oklahoma ok, oregon or, pennsylvania pa, puerto rico pr, rhode island ri,
south carolina sc, south dakota sd, tennessee tn, texas tx, utah ut, vermont vt, virginia va,
washington wa, washington state wa, west virginia wv, wisconsin wi, wyoming wy, guam gu,
american samoa as, virgin islands vi, us virgin islands vi, northern mariana islands mp,
calif ca, penn pa, penna pa, mass ma, wash wa, tex tx, ariz az, colo co, conn ct, ill il, mich mi,
minn mn, miss ms, tenn tn, wisc wi, okla ok, ore or, d c dc"""
_CANADA = """alberta ab, british columbia bc, manitoba mb, new brunswick nb, newfoundland nl,
newfoundland and labrador nl, nova scotia ns, northwest territories nt, nunavut nu, ontario on,
prince edward island pe, quebec qc, saskatchewan sk, yukon yt, yukon territory yt, ont on, que qc"""
_AUSTRALIA = """new south wales nsw, victoria vic, queensland qld, south australia sa,
western australia wa, tasmania tas, northern territory nt, australian capital territory act"""

_COUNTRIES = """united states us, united states of america us, usa us, u s us, u s a us, america us,
the united states us, canada ca, united kingdom gb, great britain gb, uk gb, england gb,
scotland gb, wales gb, northern ireland gb, australia au, new zealand nz, ireland ie,
republic of ireland ie, germany de, deutschland de, france fr, spain es, espana es, italy it,
italia it, portugal pt, netherlands nl, the netherlands nl, holland nl, belgium be, luxembourg lu,
switzerland ch, austria at, denmark dk, sweden se, norway no, finland fi, iceland is, poland pl,
czech republic cz, czechia cz, slovakia sk, hungary hu, romania ro, bulgaria bg, greece gr,
turkey tr, turkiye tr, ukraine ua, russia ru, russian federation ru, estonia ee, latvia lv,
lithuania lt, croatia hr, serbia rs, slovenia si, bosnia and herzegovina ba, mexico mx,
guatemala gt, honduras hn, el salvador sv, nicaragua ni, costa rica cr, panama pa, cuba cu,
jamaica jm, haiti ht, dominican republic do, puerto rico pr, trinidad and tobago tt, brazil br,
brasil br, argentina ar, chile cl, colombia co, peru pe, venezuela ve, ecuador ec, bolivia bo,
uruguay uy, paraguay py, china cn, peoples republic of china cn, hong kong hk, taiwan tw, japan jp,
south korea kr, korea kr, republic of korea kr, north korea kp, india in, pakistan pk,
bangladesh bd, sri lanka lk, nepal np, philippines ph, the philippines ph, vietnam vn, viet nam vn,
thailand th, malaysia my, singapore sg, indonesia id, israel il, palestine ps, lebanon lb,
jordan jo, syria sy, iraq iq, iran ir, saudi arabia sa, united arab emirates ae, uae ae, qatar qa,
kuwait kw, egypt eg, morocco ma, algeria dz, tunisia tn, nigeria ng, ghana gh, kenya ke,
ethiopia et, tanzania tz, uganda ug, south africa za, zimbabwe zw, cameroon cm, senegal sn"""
_CODES_3 = """usa us, can ca, gbr gb, aus au, nzl nz, irl ie, deu de, fra fr, esp es, ita it,
prt pt, nld nl, bel be, lux lu, che ch, aut at, dnk dk, swe se, nor no, fin fi, isl is, pol pl,
cze cz, svk sk, hun hu, rou ro, bgr bg, grc gr, tur tr, ukr ua, rus ru, est ee, lva lv, ltu lt,
hrv hr, srb rs, svn si, mex mx, gtm gt, hnd hn, slv sv, nic ni, cri cr, pan pa, cub cu, jam jm,
hti ht, dom do, pri pr, tto tt, bra br, arg ar, chl cl, col co, per pe, ven ve, ecu ec, bol bo,
ury uy, pry py, chn cn, hkg hk, twn tw, jpn jp, kor kr, prk kp, ind in, pak pk, bgd bd, lka lk,
npl np, phl ph, vnm vn, tha th, mys my, sgp sg, idn id, isr il, lbn lb, jor jo, irq iq, irn ir,
sau sa, are ae, qat qa, kwt kw, egy eg, mar ma, dza dz, tun tn, nga ng, gha gh, ken ke, eth et,
tza tz, uga ug, zaf za, zwe zw"""


def _table(text: str) -> dict[str, str]:
    pairs = (entry.split() for entry in text.replace("\n", " ").split(","))
    return {" ".join(name): code for *name, code in pairs}


#: Folded names of US states and territories, Canadian provinces and Australian states -> code.
REGIONS: dict[str, str] = _table(_AUSTRALIA) | _table(_CANADA) | _table(_US)
#: Folded names of countries -> ISO 3166 code of two letters, lower case.
COUNTRIES: dict[str, str] = _table(_COUNTRIES)
#: ISO 3166 codes of three letters -> two letters, lower case.
COUNTRY_CODES_3: dict[str, str] = _table(_CODES_3)
