"""Runs every example of the README as its reader would: as a program in this folder, with the package that is installed.

Usage: readme.py README.md
"""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

EXPECTED = [
    "pgvector 0.8",
    "Successfully published extension ",
    "installers in 30 days",
    "go on at ",
    "there is no build for that: ",
    "pg_cron ",
]

url, project = os.environ["TRUNK_REGISTRY_URL"], os.environ["TRUNK_SCENARIO_PROJECT"]
examples = re.findall(r"^```python\n(.*?)^```", Path(sys.argv[1]).read_text(), re.MULTILINE | re.DOTALL)
assert len(examples) >= 9, len(examples)
shutil.copy(os.environ["TRUNK_SCENARIO_ARCHIVE"], "my_extension-1.0.0-pg17.tar.gz")
said = ""
for number, example in enumerate(examples):
    start = time.monotonic()
    program = example.replace('"my_extension"', f'"{project}"')
    if "Client(" not in example or "patient" in example:
        program = f'from pgtrunk import Client\n\nclient = Client("http://localhost:8080")\n{program}'
    Path(f"example{number}.py").write_text(program.replace("http://localhost:8080", url))
    done = subprocess.run([sys.executable, "-W", "error", f"example{number}.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{example}\n{done.stdout}{done.stderr}"
    said += done.stdout
    print(f"README of python: example {number} {(time.monotonic() - start) * 1000:.0f} ms", flush=True)
missing = [text for text in EXPECTED if text not in said]
assert not missing, f"the examples do not say {missing}:\n{said}"
assert Path("pgvector.tar.gz").stat().st_size > 0
