"""The drawing styles: which set of drawings, from which package, under which licence, and what it is used for.

Styles of one family share silhouettes (Fluent's flat, gradient and 3D versions; EmojiOne 1 and 2; Noto's old and new).
So a style that is held out for testing must be alone in its family, or take the family along.
"""

from dataclasses import dataclass
from math import gcd
from typing import Literal

Role = Literal["training", "held-out", "harder"]
ROLES: tuple[Role, ...] = ("training", "held-out", "harder")


@dataclass(frozen=True)
class Style:
    """package: in `registry`; own: SVG files in this repository. by: who is credited.

    role: what it is used for. The held-out style is never trained on; nor are the harder ones, which look farther from
    all others. unfit: keys of kinds under whose name the set has another thing, or a framed scene. names: (CLDR name,
    the set's own name) of drawings where these differ. listed: its drawings are those of data/listed.tsv, chosen by
    hand, and not those with the CLDR names of kinds. painted: glyphs of one or two tones, whose areas get colours.
    share: how often it is drawn from, beside the others.
    """

    name: str
    family: str
    package: str
    version: str
    licence: str
    licence_url: str
    by: str
    source: str
    role: Role = "training"
    unfit: frozenset[str] = frozenset()
    names: tuple[tuple[str, str], ...] = ()
    registry: Literal["npm", "debian", "own"] = "npm"
    listed: bool = False
    painted: bool = False
    share: int = 4


NOTO = (
    "Apache-2.0",
    "https://github.com/googlefonts/noto-emoji/blob/main/svg/LICENSE",
    "Google, Noto Emoji",
    "https://github.com/googlefonts/noto-emoji",
)
FLUENT = (
    "MIT",
    "https://github.com/microsoft/fluentui-emoji/blob/main/LICENSE",
    "Microsoft, Fluent Emoji",
    "https://github.com/microsoft/fluentui-emoji",
)
BY, BY_SA = (
    (f"CC-{terms.upper()}-4.0", f"https://creativecommons.org/licenses/{terms}/4.0/") for terms in ("by", "by-sa")
)
GLYPHS = {"listed": True, "painted": True, "share": 1}

STYLES = (
    Style("noto", "noto", "@iconify-json/noto", "1.2.9", *NOTO),
    Style("noto-v1", "noto", "@iconify-json/noto-v1", "1.2.5", *NOTO),
    Style("fluent-emoji", "fluent", "@iconify-json/fluent-emoji", "1.2.7", *FLUENT),
    Style("fluent-emoji-flat", "fluent", "@iconify-json/fluent-emoji-flat", "1.2.6", *FLUENT),
    Style("fluent-3d", "fluent", "@lobehub/fluent-emoji-3d", "1.1.0", *FLUENT),
    Style(
        "emojione",
        "emojione",
        "@iconify-json/emojione",
        "1.2.3",
        *BY,
        "EmojiOne 2 (EmojiTwo)",
        "https://github.com/EmojiTwo/emojitwo",
    ),
    Style(
        "emojione-v1",
        "emojione",
        "@iconify-json/emojione-v1",
        "1.2.3",
        *BY_SA,
        "EmojiOne 1",
        "https://github.com/joypixels/emojione-legacy",
        "harder",
    ),
    Style(
        "fxemoji",
        "fxemoji",
        "@iconify-json/fxemoji",
        "1.2.2",
        "Apache-2.0",
        "https://mozilla.github.io/fxemoji/LICENSE.md",
        "Mozilla, FxEmojis",
        "https://github.com/mozilla/fxemoji",
        unfit=frozenset({"runner", "sailboat", "ship", "tent", "fountain", "chair"}),
        names=(
            ("person-running", "mensrunner"),
            ("person-surfing", "surfer"),
            ("person-biking", "bicyclist"),
            ("guard", "guardsman"),
            ("person-golfing", "golfer"),
            ("person-lifting-weights", "weightlifter"),
            ("soccer-ball", "soccerball"),
            ("eggplant", "aubergine"),
            ("wrapped-gift", "wrappedpresent"),
            ("flashlight", "electrictorch"),
        ),
    ),
    Style(
        "streamline-emojis",
        "streamline",
        "@iconify-json/streamline-emojis",
        "1.2.4",
        *BY,
        "Streamline",
        "https://github.com/webalys-hq/streamline-vectors",
        unfit=frozenset({"turkey", "ship", "tent", "fountain"}),
    ),
    Style(
        "openclipart",
        "openclipart",
        "openclipart-svg",
        "1:0.18+dfsg-19",
        "CC0-1.0",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        "Open Clip Art Library",
        "https://openclipart.org",
        registry="debian",
        listed=True,
        share=12,
    ),
    Style(
        "streamline-color",
        "streamline-color",
        "@iconify-json/streamline-ultimate-color",
        "1.2.2",
        *BY,
        "Streamline",
        "https://github.com/webalys-hq/streamline-vectors",
        listed=True,
    ),
    Style(
        "own",
        "own",
        "drawings/own",
        "1",
        "Apache-2.0",
        "https://www.apache.org/licenses/LICENSE-2.0",
        "this project",
        "own",
        registry="own",
        listed=True,
        share=24,
    ),
    Style(
        "icon-park",
        "icon-park",
        "@iconify-json/icon-park",
        "1.2.4",
        "Apache-2.0",
        "https://github.com/bytedance/IconPark/blob/master/LICENSE",
        "ByteDance, IconPark",
        "https://github.com/bytedance/IconPark",
        **GLYPHS,
    ),
    Style(
        "phosphor",
        "phosphor",
        "@iconify-json/ph",
        "1.2.2",
        "MIT",
        "https://github.com/phosphor-icons/core/blob/main/LICENSE",
        "Phosphor Icons",
        "https://github.com/phosphor-icons/core",
        **GLYPHS,
    ),
    Style(
        "mdi",
        "mdi",
        "@iconify-json/mdi",
        "1.2.3",
        "Apache-2.0",
        "https://github.com/Templarian/MaterialDesign/blob/master/LICENSE",
        "Pictogrammers, Material Design Icons",
        "https://github.com/Templarian/MaterialDesign",
        **GLYPHS,
    ),
    Style(
        "tabler",
        "tabler",
        "@iconify-json/tabler",
        "1.2.41",
        "MIT",
        "https://github.com/tabler/tabler-icons/blob/master/LICENSE",
        "Paweł Kuna, Tabler Icons",
        "https://github.com/tabler/tabler-icons",
        **GLYPHS,
    ),
    Style(
        "game-icons",
        "game-icons",
        "@iconify-json/game-icons",
        "1.2.4",
        "CC-BY-3.0",
        "https://github.com/game-icons/icons/blob/master/license.txt",
        "Game-icons.net",
        "https://github.com/game-icons/icons",
        **GLYPHS,
    ),
    Style(
        "openmoji",
        "openmoji",
        "@iconify-json/openmoji",
        "1.2.29",
        *BY_SA,
        "OpenMoji",
        "https://github.com/hfg-gmuend/openmoji",
        "harder",
    ),
    Style(
        "twemoji",
        "twemoji",
        "@iconify-json/twemoji",
        "1.2.5",
        *BY,
        "Twitter, jdecked/twemoji",
        "https://github.com/jdecked/twemoji",
        "held-out",
    ),
)


def styles_for(role: Role) -> list[str]:
    """Names of the styles with this role, in the order of STYLES (scenes depend on it), each as often as its share
    against the others says."""
    chosen = [style for style in STYLES if style.role == role]
    least = gcd(*(style.share for style in chosen))
    return [style.name for style in chosen for _ in range(style.share // least)]
