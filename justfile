# The tasks of this house. People, .ci/run and .pre-commit-config.yaml all call them here: `.venv/bin/just --list`.

set shell := ["bash", "-euo", "pipefail", "-c"]

_list:
    @{{ just_executable() }} --list --unsorted

# Install what the default tests need, in the versions of the lock (to begin with: the README's line)
setup:
    python3 -m venv .venv
    .venv/bin/pip install -q -r locks/tests.txt
    .venv/bin/pip install -q --no-build-isolation --no-deps -e .

# Install that and all extras, in the versions of the lock
setup-engines:
    .venv/bin/pip install -q -r locks/engines.txt
    .venv/bin/pip install -q --no-build-isolation --no-deps -e .

# Lint, and the layout of the code
lint:
    .venv/bin/ruff check .
    .venv/bin/ruff format --check .

# Types; needs `setup-engines`
types:
    .venv/bin/mypy

# Which room may import which
contracts:
    .venv/bin/lint-imports

# The default tests, or those named: `just test tests/unit -k yaml`
test *arguments:
    .venv/bin/pytest {{ arguments }}

# The shipped scenarios notice every slip of the shipped rules
slips:
    .venv/bin/pointbook test rules/dataminer-devops --mutate

# The evaluators agree: interpreter, DuckDB, PostgreSQL and Spark; needs `setup-engines`, PostgreSQL and Java
engines *arguments:
    .ci/with-postgres .venv/bin/pytest tests/differential -n 2 {{ arguments }}

# The package that `pointbook sql --dbt` writes, built by dbt; needs `setup-engines` and PostgreSQL
dbt *arguments:
    python3 -m venv --clear build/dbt
    build/dbt/bin/pip install -q -r locks/dbt.txt
    .ci/with-postgres .venv/bin/pytest tests/dbt -n 0 {{ arguments }}

# What editors complete, show and find, asked of yaml-language-server; needs npm
editor *arguments:
    mkdir -p build/editor
    cp tests/editor/package.json tests/editor/package-lock.json build/editor
    npm ci --prefix build/editor --ignore-scripts --no-audit --no-fund --silent
    .venv/bin/pytest tests/editor -n 0 {{ arguments }}

# Of all tests `compiled` runs those where the interpreter does the work: the cases computed by hand; random
# programs, step by step and against the plan; whole files in every form, cut into any pieces; worker processes.
# Tests that read and check documents, or run the plan alone, meet no compiled code.
# The longest comes first, so that the other processors have something to do meanwhile.

# The interpreter compiled by mypyc means the same, and how fast it is; needs a C compiler
compiled:
    python3 -m venv --clear build/compiled
    build/compiled/bin/pip install -q -r locks/tests.txt
    POINTBOOK_COMPILE=1 build/compiled/bin/pip install -q --no-build-isolation -c locks/engines.txt '.[dev,duckdb]'
    build/compiled/bin/pointbook --version | grep -F '(compiled)'
    POINTBOOK_EXPECT_COMPILED=1 build/compiled/bin/pytest \
        tests/differential/test_random_rulesets.py tests/differential/test_fold_in_pieces.py \
        tests/conformance tests/unit/interpret tests/unit/folding tests/cli/test_workers.py \
        tests/property/test_fast_fold.py tests/property/test_interpreter_laws.py \
        -k 'not spark and not postgres'
    build/compiled/bin/python tests/performance/measure.py --events 100000 --report-only --fold

# The ratios of docs/performance.md on small logs, printed and not judged; needs `setup-engines`
measures:
    .venv/bin/python tests/performance/measure.py --events 100000 --report-only
    .venv/bin/python tests/performance/compare.py --events 100000 --report-only
    .venv/bin/python tests/performance/evaluate.py --events 100000 --pairs 1 --report-only
    .venv/bin/python tests/performance/memory.py --events 100000 --report-only
    .venv/bin/python tests/performance/reading.py --report-only
    .venv/bin/python tests/performance/entries.py --events 20000 --report-only
    .venv/bin/python tests/performance/walk.py
    .venv/bin/python tests/performance/relational/measure.py --sample-events 20000
    .venv/bin/python tests/performance/relational/measure.py --sample-events 20000 --against-others

# Runs stopped wherever they write, readers given anything, inputs that grow: `just faults --seconds 60 --only reading`;
# needs `setup-engines` and a C compiler, on Linux
faults *arguments:
    .venv/bin/python tests/faults/run.py {{ arguments }}

# What takes hours: Spark on every conformance case, and the measures on logs of full size
long:
    POINTBOOK_SPARK=all {{ just_executable() }} engines
    .venv/bin/python tests/performance/measure.py
    .venv/bin/python tests/performance/compare.py
    .venv/bin/python tests/performance/memory.py --python
    .venv/bin/python tests/performance/reading.py
    .venv/bin/python tests/performance/relational/measure.py --millions 1 10 50 --times 3
    .venv/bin/python tests/performance/relational/measure.py --against-others --spark
    .venv/bin/python tests/performance/spark.py
    {{ just_executable() }} faults --seconds 14400

# The default tests with the newest version of everything instead of the locked ones
newest:
    python3 -m venv --clear build/newest
    build/newest/bin/pip install -q --upgrade -e '.[dev]'
    @echo "newer than, or not in, the lock:"
    @comm -23 <(build/newest/bin/pip freeze --exclude-editable | sort) <(.venv/bin/pip freeze | sort)
    build/newest/bin/pytest

# Bring the lock in line with pyproject.toml; `just lock --upgrade` also takes the newest versions
lock *options:
    python3 -m venv --clear build/lock
    build/lock/bin/pip install -q uv
    build/lock/bin/uv pip compile -q --universal --python-version 3.11 --custom-compile-command "just lock" \
        --annotation-style line pyproject.toml locks/tests.in --all-extras {{ options }} -o locks/engines.txt
    build/lock/bin/uv pip compile -q --universal --python-version 3.11 --custom-compile-command "just lock" \
        --no-annotate pyproject.toml locks/tests.in --extra dev -c locks/engines.txt -o locks/tests.txt
    build/lock/bin/uv pip compile -q --universal --python-version 3.11 --custom-compile-command "just lock" \
        --no-annotate locks/dbt.in {{ options }} -o locks/dbt.txt

# All that a submission must pass
ci:
    .ci/run
