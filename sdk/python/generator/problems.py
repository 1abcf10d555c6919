"""Makes an exception class for each code of the contract, as a module on the standard output."""

import sys

from ruamel.yaml import YAML

codes = YAML(typ="safe", pure=True).load(sys.stdin)["components"]["schemas"]["ProblemCode"]["enum"]


def class_name(code: str) -> str:
    return "".join(word.capitalize() for word in code.split("_"))


print('"""Made by `generate` from openapi.yaml; do not edit. An exception class for each code of the contract."""')
print("from pgtrunk._errors import TrunkError")
for code in sorted(codes):
    print(f'\n\nclass {class_name(code)}(TrunkError):\n    """The registry answered with the code `{code}`."""\n')
print("\n\nBY_CODE: dict[str, type[TrunkError]] = {")
for code in sorted(codes):
    print(f'    "{code}": {class_name(code)},')
print("}\n\n__all__ = [")
for code in sorted(codes):
    print(f'    "{class_name(code)}",')
print("]")
