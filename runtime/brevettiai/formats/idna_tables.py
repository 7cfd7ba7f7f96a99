"""What IDNA2008 needs of Unicode that Python's `unicodedata` does not have.

Scripts and joining types as in Unicode 17.0 (Scripts.txt, DerivedJoiningType.txt); other
properties follow the Unicode version of the running Python.
"""

from __future__ import annotations

_DUAL_JOINING = """
    620 626 628 62a-62e 633-63f 641-647 649-64a 66e-66f 678-687 69a-6bf 6c1-6c2 6cc 6ce
    6d0-6d1 6fa-6fc 6ff 712-714 71a-71d 71f-727 729 72b 72d-72e 74e-758 75c-76a 76d-770 772
    775-777 77a-77f 7ca-7ea 841-845 848 84a-853 855 860 862-865 868 886 889-88d 88f 8a0-8a9
    8af-8b0 8b3-8b8 8ba-8c8 1807 1820-1878 1887-18a8 18aa a840-a871 10ac0-10ac4 10ad3-10ad6
    10ad8-10adc 10ade-10ae0 10aeb-10aee 10b80 10b82 10b86-10b88 10b8a-10b8b 10b8d 10b90
    10bad-10bae 10d01-10d21 10d23 10ec3-10ec4 10ec6-10ec7 10f30-10f32 10f34-10f44 10f51-10f53
    10f70-10f73 10f76-10f81 10fb0 10fb2-10fb3 10fb8 10fbb-10fbc 10fbe-10fbf 10fc1 10fc4 10fca
    1e900-1e943
"""
_RIGHT_JOINING = """
    622-625 627 629 62f-632 648 671-673 675-677 688-699 6c0 6c3-6cb 6cd 6cf 6d2-6d3 6d5
    6ee-6ef 710 715-719 71e 728 72a 72c 72f 74d 759-75b 76b-76c 771 773-774 778-779 840
    846-847 849 854 856-858 867 869-86a 870-882 88e 8aa-8ac 8ae 8b1-8b2 8b9 10ac5 10ac7
    10ac9-10aca 10ace-10ad2 10add 10ae1 10ae4 10aef 10b81 10b83-10b85 10b89 10b8c 10b8e-10b8f
    10b91 10ba9-10bac 10d22 10ec2 10f33 10f54 10f74-10f75 10fb4-10fb6 10fb9-10fba 10fbd
    10fc2-10fc3 10fc9
"""
_LEFT_JOINING = """
    a872 10acd 10ad7 10d00 10ed9-10eee 10fcb
"""
_GREEK = """
    370-373 375-377 37a-37d 37f 384 386 388-38a 38c 38e-3a1 3a3-3e1 3f0-3ff 1d26-1d2a
    1d5d-1d61 1d66-1d6a 1dbf 1f00-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b 1f5d
    1f5f-1f7d 1f80-1fb4 1fb6-1fc4 1fc6-1fd3 1fd6-1fdb 1fdd-1fef 1ff2-1ff4 1ff6-1ffe 2126 ab65
    10140-1018e 101a0 1d200-1d245 1dff3-1dff4
"""
_HEBREW = """
    591-5c9 5d0-5ea 5ef-5f4 fb1d-fb36 fb38-fb3c fb3e fb40-fb41 fb43-fb44 fb46-fb4f
"""
_HIRAGANA = """
    3041-3096 309d-309f 1b001-1b11f 1b123 1b132 1b150-1b152 1f200
"""
_KATAKANA = """
    30a1-30fa 30fd-30ff 31f0-31ff 32d0-32fe 3300-3357 ff66-ff6f ff71-ff9d 1aff0-1aff3
    1aff5-1affb 1affd-1affe 1b000 1b120-1b122 1b124-1b128 1b155 1b164-1b168
"""
_HAN = """
    2e80-2e99 2e9b-2ef3 2f00-2fd5 3005 3007 3021-3029 3038-303b 3400-4dbf 4e00-9fff f900-fa6d
    fa70-fad9 16fe2-16fe3 16ff0-16ff6 20000-2a6df 2a700-2b81e 2b820-2cead 2ceb0-2ebe0
    2ebf0-2ee5d 2f800-2fa1d 30000-3134a 31350-33479
"""


def _code_points(table: str) -> frozenset[int]:
    found: set[int] = set()
    for item in table.split():
        first, _, last = item.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)


DUAL_JOINING = _code_points(_DUAL_JOINING)
RIGHT_JOINING = _code_points(_RIGHT_JOINING)
LEFT_JOINING = _code_points(_LEFT_JOINING)

GREEK = _code_points(_GREEK)
HEBREW = _code_points(_HEBREW)


class _Ranges:
    """Code points of a script too large to spell out one by one."""

    def __init__(self, table: str) -> None:
        pairs = (item.partition("-") for item in table.split())
        self._pairs = [(int(first, 16), int(last or first, 16)) for first, _, last in pairs]

    def __contains__(self, code: int) -> bool:
        return any(first <= code <= last for first, last in self._pairs)


JAPANESE = _Ranges(_HIRAGANA + _KATAKANA + _HAN)
