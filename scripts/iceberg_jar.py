"""Make the jar that Spark needs for Iceberg, from what PyPI has.

    build/spark-venv/bin/python scripts/iceberg_jar.py --to build/iceberg.jar

The package snowpark-connect-deps-iceberg has Iceberg's jar for Spark 3.5 and Scala 2.12, but without the copy of Jackson that
Iceberg calls under a name of its own, ``org.apache.iceberg.shaded.com.fasterxml.jackson``. PySpark has the same classes under
their own name. So they are copied under the other one: in a class file a name is a text of the constant pool, which begins
with its length and is not referred to by place, so that a longer text needs no other change.
"""

from __future__ import annotations

import argparse
import importlib.util
import struct
import zipfile
from pathlib import Path

OLD = "com/fasterxml/jackson"
NEW = f"org/apache/iceberg/shaded/{OLD}"
ICEBERG = "jars/iceberg-spark-runtime-3.5_2.12-*.jar"
JACKSON = [f"jars/jackson-{part}-2.*.jar" for part in ("annotations", "core", "databind")]
# How many bytes an entry of the constant pool has after its tag (Java Virtual Machine Specification, 4.4). A text, tag 1,
# has a length of its own.
TEXT = 1
SIZES = {
    3: 4,
    4: 4,
    5: 8,
    6: 8,
    7: 2,
    8: 2,
    9: 4,
    10: 4,
    11: 4,
    12: 4,
    15: 3,
    16: 2,
    17: 4,
    18: 4,
    19: 2,
    20: 2,
}
TAKE_TWO_PLACES = {5, 6}


def renamed(class_file: bytes) -> bytes:
    """A class file that refers to Jackson under the other name, with slashes and with dots."""
    names = [
        (name.encode(), other.encode())
        for name, other in ((OLD, NEW), (OLD.replace("/", "."), NEW.replace("/", ".")))
    ]
    (count,) = struct.unpack_from(">H", class_file, 8)
    written, place, entry = [class_file[:10]], 10, 1
    while entry < count:
        tag = class_file[place]
        if tag == TEXT:
            (length,) = struct.unpack_from(">H", class_file, place + 1)
            text = class_file[place + 3 : place + 3 + length]
            for name, other in names:
                text = text.replace(name, other)
            written.append(struct.pack(">BH", TEXT, len(text)) + text)
            place += 3 + length
        else:
            written.append(class_file[place : place + 1 + SIZES[tag]])
            place += 1 + SIZES[tag]
        entry += 2 if tag in TAKE_TWO_PLACES else 1
    return b"".join([*written, class_file[place:]])


def file_of(package: str, pattern: str) -> Path:
    """The one file of an installed package that has this name; the package is not imported."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{package} is not installed: python -m pip install -r requirements-spark.txt")
    (found,) = Path(spec.submodule_search_locations[0]).glob(pattern)
    return found


def write_jar(target: Path) -> None:
    """Write Iceberg's jar with Jackson in it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_suffix(".part")
    half.write_bytes(file_of("snowpark_connect_deps_iceberg", ICEBERG).read_bytes())
    with zipfile.ZipFile(half, "a", zipfile.ZIP_DEFLATED) as jar:
        there = set(jar.namelist())
        for pattern in JACKSON:
            with zipfile.ZipFile(file_of("pyspark", pattern)) as source:
                for name in source.namelist():
                    other = name.replace(OLD, NEW, 1)
                    if name.startswith(OLD) and name.endswith(".class") and other not in there:
                        jar.writestr(other, renamed(source.read(name)))
    half.replace(target)


def main() -> None:
    """Write the jar to where the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=Path("build/iceberg.jar"), help="the file to write")
    target = parser.parse_args().to
    write_jar(target)
    print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
