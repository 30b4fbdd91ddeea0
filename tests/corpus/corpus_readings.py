"""What a reader comes to for each export, by what log.yaml says of it."""

from __future__ import annotations

from dataclasses import dataclass, field

USUAL = "{id: event_id, user_id: member_id, action: activity, created_at: occurred_at}"
IN_CAPITALS = (
    "{ID: event_id, USER_ID: member_id, ACTION: activity, CREATED_AT: occurred_at, TOPIC: topic, MINUTES: minutes,"
    " PRICE: price, DONE: done, DUE: due, COMMENT: comment}"
)
OF_MONGO = "{_id: event_id, user_id: member_id, action: activity, created_at: occurred_at}"
OF_MONGO_WITHIN = (
    '{"_id_$oid": event_id, user_id: member_id, action: activity, "created_at_$date": occurred_at}'
)
OF_KHOROS = "{event.id: event_id, user.login: member_id, action.key: activity, event.time.ms: occurred_at}"
OF_A_FORM = (
    '{Email address: member_id, "What did you do?": activity, Timestamp: occurred_at, "Which topic?": topic,'
    ' "How many minutes did it take?": minutes}'
)
KINDS = "activities: {Answered a question: qa.answer, Asked a question: qa.ask, Watched a video: video.watch}"
OTHER_KINDS = (
    "activities: {answered_a_question: qa.answer, asked_a_question: qa.ask, watched_a_video: video.watch}"
)
DAY_FIRST, MONTH_FIRST = "times: {form: day_first}", "times: {form: month_first}"
IN_UTC = "times: {timezone: UTC}"
ALL = ("topic", "minutes", "price", "done", "due", "comment")


@dataclass(frozen=True)
class Log:
    """What log.yaml says of events.

    Attributes:
        more: Lines beside the columns and activities.
        columns: Theirs: ours.
        kinds: The activities.
    """

    more: tuple[str, ...] = ()
    columns: str = USUAL
    kinds: str = KINDS

    @property
    def text(self) -> str:
        """The file."""
        return "".join(
            ("events:\n", *(f"  {line}\n" for line in (f"columns: {self.columns}", self.kinds, *self.more)))
        )


def log(*more: str, columns: str = USUAL, kinds: str = KINDS) -> Log:
    """What log.yaml says, by lines of it."""
    return Log(more, columns, kinds)


@dataclass(frozen=True)
class Read:
    """All eight events are read right.

    Attributes:
        log: What log.yaml says.
        digits: Of a second, that are left; -1 where seconds are left out too.
        has: The attributes that are read.
        id: How an id of the events is written, `{}` for it.
        is_escaped: Whether texts keep the backslashes that the program writes for line ends and backslashes.
    """

    log: Log = field(default_factory=log)
    digits: int = 6
    has: tuple[str, ...] = ALL
    id: str = "{}"
    is_escaped: bool = False


@dataclass(frozen=True)
class Refused:
    """The file cannot be read at all: where, why, and what to do."""

    said: str
    hint: str
    log: Log = field(default_factory=log)


@dataclass(frozen=True)
class Rejected:
    """Rows are rejected: so many, and the first ones by line and column with what is wrong."""

    number: int
    first: tuple[str, ...]
    log: Log = field(default_factory=log)


NOT_UTF_8 = "save it as UTF-8 (in Excel, `CSV UTF-8`); it may be Windows-1252, which Excel's plain `CSV` is"
NO_INDEX = (
    "name every column; pandas writes row numbers without a name unless told `index=False`, R unless told"
    " `row.names=FALSE`"
)
AS_OCCURRED_AT = "('created_at' is read as occurred_at by club/log.yaml:2)"
EMPTY = "it stands for no value; leave the cell empty, or list it under `empty` in log.yaml"
NO_LIST = Refused(
    ":1: this looks like one JSON list, not like JSON Lines",
    "write one object a line, without brackets and commas around them; `jq -c '.[]'` does it",
)
ONE_OR_ZERO = (
    "2 done: '1' is neither true nor false: write true",
    "3 done: '0' is neither true nor false: write false",
)
HEADERLESS = ":1: there is no header: this line already looks like data"
WITH_TABS = (
    "write the names of the columns above it, with tabs for these commas: id,user_id,action,created_at"
)
FLOATS = (
    "{} minutes: '15.0' is not a whole number: write 15",
    "{} minutes: '45.0' is not a whole number: write 45",
)

READINGS: dict[str, tuple[Read | Refused | Rejected, ...]] = {
    "bigquery.csv": (Read(),),
    "bigquery.json": (Read(),),
    "discourse.csv": (
        Read(
            log(
                columns="{id: event_id, username: member_id, action_type: activity, created_at: occurred_at,"
                " title: topic}",
                kinds=OTHER_KINDS,
            ),
            digits=0,
            has=("topic",),
        ),
    ),
    "duckdb-array.json": (NO_LIST,),
    "duckdb.csv": (Read(),),
    "duckdb.jsonl": (Read(),),
    "excel-de.csv": (Refused(":2: byte 0xf6 is not UTF-8 text", NOT_UTF_8),),
    "excel-de-utf8.csv": (
        Rejected(
            8,
            (
                (
                    "2 created_at: '04.03.2024 10:30' is not a time: it could be 2024-03-04 or 2024-04-03; write the"
                    " one that is meant, then the time of day; or say in log.yaml `times: {form: day_first}` or"
                    " `month_first`; also done: 'WAHR' is neither true nor false: write true; also due: '31.03.2024'"
                    " is not a date: write the day as 2024-03-31; or say in log.yaml `times: {form: day_first}`; also"
                    f" price: '12,5' is not a number: write 12.5, with a point {AS_OCCURRED_AT}"
                ),
            ),
        ),
        Rejected(
            8,
            (
                (
                    "2 done: 'WAHR' is neither true nor false: write true; also price: '12,5' is not a number: write"
                    " 12.5, with a point"
                ),
                "3 done: 'FALSCH' is neither true nor false: write false",
            ),
            log(DAY_FIRST),
        ),
        Read(log(DAY_FIRST, "ignore: [price, done]"), digits=-1, has=("topic", "minutes", "due", "comment")),
    ),
    "excel-empty-rows.csv": (Read(log(MONTH_FIRST), digits=-1),),
    "excel-fr-utf8.csv": (
        Rejected(
            8,
            (
                (
                    "2 done: 'VRAI' is neither true nor false: write true; also price: '12,5' is not a number: write"
                    " 12.5, with a point"
                ),
                "3 done: 'FAUX' is neither true nor false: write false",
            ),
            log(DAY_FIRST),
        ),
        Read(log(DAY_FIRST, "ignore: [price, done]"), digits=-1, has=("topic", "minutes", "due", "comment")),
    ),
    "excel-general.csv": (
        Rejected(
            8,
            (
                (
                    "2 created_at: '45355.4375' is not a time: it looks like a spreadsheet's day number, which would"
                    " be 2024-03-04T10:30:00; format that column as YYYY-MM-DD hh:mm:ss and save again; or say in"
                    f" log.yaml `times: {{form: spreadsheet_days}}` {AS_OCCURRED_AT}"
                ),
            ),
        ),
        Read(log("times: {form: spreadsheet_days}"), digits=0),
    ),
    "excel-long-ids.csv": (
        Rejected(
            8,
            (
                (
                    "2 id: excel-long-ids.csv:3 has the same event_id, but differs in user_id, action, created_at,"
                    " comment, done, due, minutes, price, topic; of '1.23457E+15': it looks like a number that a"
                    " spreadsheet shortened; export the column as text ('id' is read as event_id by club/log.yaml:2)"
                ),
            ),
            log(MONTH_FIRST),
        ),
    ),
    "excel-mac.csv": (Refused(":2: byte 0x9a is not UTF-8 text", NOT_UTF_8),),
    "excel-sep.csv": (
        Refused(
            ":1: the header is line 2; above it stands 'sep=;', which only Excel reads",
            "delete line 1, so that the file begins with the header",
        ),
    ),
    "excel-unicode.txt": (
        Refused(
            ": this looks like text in UTF-16, not like CSV or JSON Lines",
            "save it as UTF-8; in Excel, choose `CSV UTF-8`",
        ),
    ),
    "excel-us.csv": (Refused(":2: byte 0xf6 is not UTF-8 text", NOT_UTF_8),),
    "excel-us-utf8.csv": (
        Rejected(
            8,
            (
                (
                    "2 created_at: '3/4/2024 10:30' is not a time: it could be 2024-03-04 or 2024-04-03; write the one"
                    " that is meant, then the time of day; or say in log.yaml `times: {form: day_first}` or"
                    " `month_first`; also due: '3/31/2024' is not a date: write the day as 2024-03-31; or say in"
                    f" log.yaml `times: {{form: month_first}}` {AS_OCCURRED_AT}"
                ),
            ),
        ),
        Read(log(MONTH_FIRST), digits=-1),
        # The wrong form is noticed wherever a day is over 12; the others are read as it says.
        Rejected(
            5,
            (
                (
                    "2 due: '3/31/2024' is not a date: write the day as 2024-03-31 (club/log.yaml:4 reads the day"
                    " first)"
                ),
                (
                    "5 created_at: '3/14/2024 0:30' is not a time: write 2024-03-14T00:30 ('created_at' is read as"
                    " occurred_at by club/log.yaml:2; club/log.yaml:4 reads the day first)"
                ),
            ),
            log(DAY_FIRST),
        ),
    ),
    "github-events.jsonl": (
        Refused(
            ": 'actor_login', which club/log.yaml:2 names, lies within an object, at .actor.login",
            "write plain values in place of objects, as `jq -c '{actor_login: .actor.login, ...}'` does with the other"
            " keys for the dots; `pointbook adopt` prints all of it",
            log(columns="{id: event_id, actor_login: member_id, type: activity, created_at: occurred_at}"),
        ),
        Rejected(
            8,
            (
                (
                    "1 : 'actor' is not a column of events, nor an attribute that the rules declare; list it under"
                    " `ignore` in log.yaml to pass it over; known: `activity`, `comment`, `done`, `due`, `event_id`,"
                    " `member_id`, `minutes`, `occurred_at`, `points`, `price`, `topic`"
                ),
            ),
            log(columns="{id: event_id, type: activity, created_at: occurred_at}"),
        ),
    ),
    "gnumeric.csv": (
        Rejected(
            8,
            (
                (
                    "2 created_at: '2024/03/04 10:30:00' is not a time: write 2024-03-04T10:30:00; or say in log.yaml"
                    " `times: {form: year_first}`; also due: '2024/03/31' is not a date: write the day as 2024-03-31;"
                    f" or say in log.yaml `times: {{form: year_first}}` {AS_OCCURRED_AT}"
                ),
            ),
        ),
        Read(log("times: {form: year_first}"), digits=-1),
    ),
    "google-form.csv": (
        Refused(
            ":1: required column 'event_id' is missing",
            "add `event_id`, which every row of events needs",
            log(DAY_FIRST, columns=OF_A_FORM),
        ),
    ),
    "google-sheets.csv": (Read(log(MONTH_FIRST), digits=0),),
    "khoros.csv": (
        Rejected(
            8,
            (
                (
                    "2 event.time.ms: '1709544600000' is not a time: it looks like a Unix time; write"
                    " 2024-03-04T09:30:00Z; or say in log.yaml `times: {form: unix_milliseconds}` ('event.time.ms' is"
                    " read as occurred_at by club/log.yaml:2)"
                ),
            ),
            log("ignore: [user.registration.status]", columns=OF_KHOROS),
        ),
        Read(
            log("ignore: [user.registration.status]", "times: {form: unix_milliseconds}", columns=OF_KHOROS),
            digits=3,
            has=(),
            id="{}-a",
        ),
    ),
    "libreoffice-de.csv": (Refused(":2: byte 0xf6 is not UTF-8 text", NOT_UTF_8),),
    "libreoffice-us.csv": (Read(log(MONTH_FIRST), digits=-1),),
    "mongoexport.csv": (
        Read(
            log(columns=OF_MONGO),
            digits=3,
            has=("topic", "minutes", "done"),
            id="ObjectId(65e5a1b2c3d4e5f6a7b8{})",
        ),
    ),
    "mongoexport.json": (
        Rejected(
            8,
            (
                (
                    "1 : the value of '_id' is an object; write its '$oid' alone, as `jq -c '._id |= .[\"$oid\"]'`"
                    " does"
                ),
            ),
            log(columns=OF_MONGO),
        ),
        Refused(
            ": '_id_$oid', which club/log.yaml:2 names, lies within an object, at ._id[\"$oid\"]",
            'write plain values in place of objects, as `jq -c \'{"_id_$oid": ._id["$oid"], "created_at_$date":'
            ' .created_at["$date"], ...}\'` does with the other keys for the dots; `pointbook adopt` prints all of it',
            log(columns=OF_MONGO_WITHIN),
        ),
    ),
    "mysql-batch.tsv": (
        Rejected(8, ONE_OR_ZERO, log('empty: ["NULL"]', IN_UTC)),
        Read(
            log('empty: ["NULL"]', IN_UTC, "ignore: [done]"),
            has=("topic", "minutes", "price", "due", "comment"),
            is_escaped=True,
        ),
    ),
    "mysql-outfile.txt": (Refused(HEADERLESS, WITH_TABS),),
    "numbers.csv": (
        Refused(
            ":1: the header is line 2; above it stands 'Table 1'",
            "delete line 1, so that the file begins with the header",
        ),
    ),
    "oracle.csv": (
        Rejected(
            8,
            (
                (
                    "2 CREATED_AT: '04-MAR-24 09.30.00.000000000 AM GMT' is not a time: write the year with four"
                    " digits, then month and day: YYYY-MM-DD, then the time of day; also done: '1' is neither true nor"
                    " false: write true; also due: '31-MAR-24' is not a date: write the year with four digits, then"
                    " month and day: YYYY-MM-DD ('CREATED_AT' is read as occurred_at by club/log.yaml:2)"
                ),
            ),
            log(columns=IN_CAPITALS),
        ),
    ),
    "pandas-array.json": (NO_LIST,),
    "pandas-index.csv": (Refused(":1: no name is given to column 1", NO_INDEX),),
    "pandas-iso.jsonl": (
        Rejected(6, tuple(row.format(line) for row, line in zip(FLOATS, "13", strict=True))),
        Read(log("ignore: [minutes]"), digits=3, has=("topic", "price", "done", "due", "comment")),
    ),
    "pandas-na.csv": (
        Rejected(
            8,
            (
                FLOATS[0].format(2),
                (
                    f"3 due: 'NaN' is not a date: {EMPTY}; also minutes: 'NaN' is not a whole number: {EMPTY}; also"
                    f" price: 'NaN' is not a number: {EMPTY}"
                ),
            ),
        ),
        Rejected(
            6, tuple(row.format(line) for row, line in zip(FLOATS, "25", strict=True)), log('empty: ["NaN"]')
        ),
        Read(log('empty: ["NaN"]', "ignore: [minutes]"), has=("topic", "price", "done", "due", "comment")),
    ),
    "pandas.jsonl": (
        Rejected(
            8,
            (
                (
                    "1 created_at: '1709544600000' is not a time: it looks like a Unix time; write"
                    " 2024-03-04T09:30:00Z; or say in log.yaml `times: {form: unix_milliseconds}`; also due:"
                    " '1711843200000' is not a date: it looks like a Unix time, on 2024-03-31 in UTC; write the day"
                    " that is meant; or say in log.yaml `times: {form: unix_milliseconds}`"
                    f" {AS_OCCURRED_AT}"
                ),
            ),
            log("ignore: [minutes]"),
        ),
        Read(
            log("times: {form: unix_milliseconds}", "ignore: [minutes]"),
            digits=3,
            has=("topic", "price", "done", "due", "comment"),
        ),
    ),
    "polars.csv": (Read(),),
    "polars.jsonl": (Read(),),
    "postgres-copy.csv": (
        Rejected(
            8,
            (
                "2 done: 't' is neither true nor false: write true",
                "3 done: 'f' is neither true nor false: write false",
            ),
        ),
        Read(log("ignore: [done]"), has=("topic", "minutes", "price", "due", "comment")),
    ),
    "postgres-copy.tsv": (
        Read(
            log(r'empty: ["\\N"]', "ignore: [done]"),
            has=("topic", "minutes", "price", "due", "comment"),
            is_escaped=True,
        ),
    ),
    "postgres-copy.txt": (Refused(HEADERLESS, WITH_TABS),),
    "postgres-json.jsonl": (Read(),),
    "psql.csv": (Read(log("ignore: [done]"), has=("topic", "minutes", "price", "due", "comment")),),
    "psql.txt": (
        Refused(
            ":1: this is a table as a database's shell prints it for people",
            "export it as CSV: with `psql --csv`, `sqlite3 -csv`, or with tabs with `mysql --batch`",
        ),
    ),
    "r-write-csv.csv": (Refused(":1: no name is given to column 1", NO_INDEX),),
    "r-write-csv2.csv": (
        Rejected(5, ("2 price: '12,5' is not a number: write 12.5, with a point",), log(IN_UTC)),
        Read(log(IN_UTC, "ignore: [price]"), digits=0, has=("topic", "minutes", "done", "due", "comment")),
    ),
    "snowflake-unload.csv": (
        Rejected(
            6,
            (
                (
                    rf"3 DUE: '\\N' is not a date: {EMPTY}; also minutes: '\\N' is not a whole number: {EMPTY}; also"
                    rf" price: '\\N' is not a number: {EMPTY} ('DUE' is read as due by club/log.yaml:2)"
                ),
            ),
            log(columns=IN_CAPITALS),
        ),
        Read(log(r'empty: ["\\N"]', columns=IN_CAPITALS), digits=3),
    ),
    "snowflake.csv": (Read(log(columns=IN_CAPITALS), digits=3),),
    "spark.csv": (
        Rejected(
            2,
            (
                (
                    "2 : text follows a closing quotation mark; inside a cell in quotation marks, write each quotation"
                    ' mark twice: "", not with a backslash before it; Spark does so with `.option("escape", \'"\')`'
                ),
            ),
        ),
    ),
    "spark.jsonl": (Read(digits=3),),
    "sqlite-unix.txt": (
        Refused(
            ":1: the columns are not separated by a comma, a semicolon or a tab",
            "write the header as id,user_id,action,ts, and the rows likewise",
            log(columns=USUAL.replace("created_at", "ts")),
        ),
    ),
    "sqlite.csv": (
        Rejected(8, ONE_OR_ZERO, log(IN_UTC)),
        Read(log(IN_UTC, "ignore: [done]"), digits=0, has=("topic", "minutes", "price", "due", "comment")),
    ),
    "sqlserver-no-header.csv": (
        Refused(HEADERLESS, "write the names of the columns above it: id,user_id,action,created_at"),
    ),
    "sqlserver.csv": (
        Rejected(8, ONE_OR_ZERO, log('empty: ["NULL"]')),
        Read(log('empty: ["NULL"]', "ignore: [done]"), has=("topic", "minutes", "price", "due", "comment")),
    ),
    "webhook.jsonl": (
        Refused(
            ": 'data_user_id', which club/log.yaml:2 names, lies within an object, at .data.user.id",
            "write plain values in place of objects, as `jq -c '{data_user_id: .data.user.id, ...}'` does with the"
            " other keys for the dots; `pointbook adopt` prints all of it",
            log(
                "ignore: [object, livemode]",
                "times: {form: unix_seconds}",
                columns="{id: event_id, data_user_id: member_id, type: activity, created: occurred_at}",
            ),
        ),
    ),
    "workbook.xlsx": (
        Refused(
            ": this looks like an Excel workbook or a zip archive, not like CSV or JSON Lines",
            "in Excel, save it as `CSV UTF-8`",
        ),
    ),
}
OF_PARQUET: dict[str, tuple[Read, ...]] = {
    "duckdb.parquet": (Read(),),
    "pandas-naive.parquet": (Read(log(IN_UTC)),),
    "pandas.parquet": (Read(),),
    "polars.parquet": (Read(),),
}
