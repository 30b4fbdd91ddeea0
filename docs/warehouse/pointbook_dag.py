"""A DAG of Airflow 3, or of 2 by the notes below: results of the day before, every night."""

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator  # in Airflow 2: airflow.operators.bash
from airflow.sdk import DAG  # in Airflow 2: from airflow import DAG

EVALUATE = (
    "pointbook evaluate rules/club --backend postgresql://"
    " --events table:app.events --members table:app.members"
    " --out out/nightly --output-format table --table-prefix points.pointbook_ --max-rejected 0.1%"
    " --as-of {{ macros.ds_add(data_interval_end | ds, -1) }} --run-id {{ run_id }} --update"
)

with DAG(
    "pointbook",
    schedule="15 3 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,  # one run of a later day brings what days before it would have brought
    max_active_runs=1,
):
    validate = BashOperator(
        task_id="validate",
        bash_command="pointbook validate rules/club",
        cwd="/srv/club",
    )
    evaluate = BashOperator(
        task_id="evaluate",
        bash_command=EVALUATE,
        cwd="/srv/club",
        env={
            "PGSERVICE": "club"
        },  # where, as whom, and the password: ~/.pg_service.conf and ~/.pgpass of the worker
        append_env=True,
        retries=2,
        retry_delay=timedelta(minutes=10),
        execution_timeout=timedelta(hours=2),
    )
    validate >> evaluate
