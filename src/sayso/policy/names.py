"""The names a policy may mention: what is on the record, as far as the caller says.

A domain of which nothing is said is not checked, but for territories: those are the codes of
ISO 3166-1, and `XA` and `XK` for Abkhazia and Kosovo, unless the caller knows others.
"""

from dataclasses import dataclass

from sayso.policy.source import nearest

_CODES = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XA XK YE YT ZA ZM ZW
"""
ISO_3166 = frozenset(_CODES.split())


@dataclass(frozen=True, slots=True)
class Known:
    """The names known in each domain; none where a domain is not checked."""

    offices: frozenset[str] | None = None
    articles: frozenset[str] | None = None
    territories: frozenset[str] | None = ISO_3166
    partners: frozenset[str] | None = None
    end_users: frozenset[str] | None = None
    purposes: frozenset[str] | None = None

    def among(self, domain: str) -> frozenset[str] | None:
        """Return the names known in a domain, or none if it is not checked."""
        return {
            "office": self.offices,
            "article": self.articles,
            "territory": self.territories,
            "partner": self.partners,
            "end_user": self.end_users,
            "purpose": self.purposes,
        }.get(domain)

    def doubt(self, domain: str, name: str) -> tuple[str, str] | None:
        """Return what is wrong with a name, and a hint, or none if it is known or unchecked."""
        names = self.among(domain)
        if names is None or name in names:
            return None
        return f"no {domain.replace('_', ' ')} is named `{name}`", nearest(name, names)
