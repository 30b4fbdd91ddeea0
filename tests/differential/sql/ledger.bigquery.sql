-- club: ledger, each event by its version. The as-of date is `as_of`, below.
--
-- Written by `pointbook sql` from the rules; change those, not this.
-- Reads `events` (member_id string, at timestamp(6), event_id string, local timestamp(6), activity string, points int64, a0_days int64)
-- and `members` (member_id string, signed_up_on date).
-- `at` is the time in UTC, `local` the same in Europe/Brussels, both without time zone.
--
-- It rejects no row, so the rows must be clean, or figures are wrong and nothing says so:
-- - no event_id and no member_id of `members` comes twice: a second row counts twice
-- - each event's member is in `members`: else the event is in no result
-- - no column has a collation by which other letters are the same, such as `M` and `m`
-- - event_id, member_id, activity, at, local and signed_up_on are there, and not empty texts
-- - columns have these types, days lie in 1900 to 2999, whole numbers have at most 15 digits
-- `pointbook sql --dbt DIR` writes models that find such rows; `pointbook evaluate` rejects them.
WITH
-- the last day that counts: said here alone
`as_of` AS (
  SELECT CAST('2025-12-31' AS DATE) AS `day`
),

-- the rules: a row for each activity, by the version in force on an event's day (-1: none yet)
`rules` AS (
  SELECT CAST(0 AS INT64) AS `version_index`, CAST('course' AS STRING) AS `activity`, CAST(0 AS INT64) AS `activity_no`, CAST(2 AS INT64) AS `rule_no`, CAST(0 AS INT64) AS `balance_no`, CAST(0 AS INT64) AS `limits`, CAST(2 AS INT64) AS `form`, CAST(30 AS INT64) AS `amount`, CAST(0 AS INT64) AS `amount_outcome`, CAST(0 AS INT64) AS `lowest`, CAST(0 AS INT64) AS `highest`, CAST(0 AS INT64) AS `minimum`, CAST(0 AS INT64) AS `spread`, CAST(FALSE AS BOOL) AS `is_assessed`, CAST(0 AS INT64) AS `quantity_no`, CAST(-1 AS INT64) AS `cap_0_no`
  UNION ALL SELECT 0, 'gift', 1, 3, 1, 1, 0, 5, 0, 0, 0, 0, 0, FALSE, -1, -1
  UNION ALL SELECT 0, 'review', 2, 1, 0, 0, 1, 0, 3, 10, 90, 10, 80, TRUE, -1, -1
  UNION ALL SELECT 0, 'visit', 3, 0, 0, 2, 0, 40, 0, 0, 0, 0, 0, FALSE, -1, 0
  UNION ALL SELECT 1, 'course', 0, 6, 0, 0, 2, 30, 0, 0, 0, 0, 0, FALSE, 0, -1
  UNION ALL SELECT 1, 'gift', 1, 7, 1, 1, 0, 5, 0, 0, 0, 0, 0, FALSE, -1, -1
  UNION ALL SELECT 1, 'review', 2, 5, 0, 0, 1, 0, 3, 10, 90, 10, 80, TRUE, -1, -1
  UNION ALL SELECT 1, 'visit', 3, 4, 0, 2, 0, 40, 0, 0, 0, 0, 0, FALSE, -1, 0
),

-- the caps that activities meet, with the limits they have had
`caps` AS (
  SELECT CAST(0 AS INT64) AS `cap_no`, CAST('times' AS STRING) AS `kind`, CAST('calendar_month' AS STRING) AS `per`, CAST(2 AS INT64) AS `limit_0`
),

-- the versions, with their days and thresholds
`editions` AS (
  SELECT CAST(0 AS INT64) AS `edition`, CAST(0 AS INT64) AS `set_no`, CAST(0 AS INT64) AS `era`, CAST('2024' AS STRING) AS `version`, CAST('2024-01-01' AS DATE) AS `starts_on`, CAST('2025-01-01' AS DATE) AS `ends_on`, CAST(FALSE AS BOOL) AS `one_level`, CAST(2 AS INT64) AS `level_count`, CAST(100 AS INT64) AS `threshold_0`, CAST(300 AS INT64) AS `threshold_1`
  UNION ALL SELECT 1, 0, 0, '2025', CAST('2025-01-01' AS DATE), CAST('9999-12-31' AS DATE), FALSE, 2, 100, 250
),

-- the digits, to make numbers of
`digits` AS (
  SELECT CAST(0 AS INT64) AS `digit`
  UNION ALL SELECT 1
  UNION ALL SELECT 2
  UNION ALL SELECT 3
  UNION ALL SELECT 4
  UNION ALL SELECT 5
  UNION ALL SELECT 6
  UNION ALL SELECT 7
  UNION ALL SELECT 8
  UNION ALL SELECT 9
),

-- numbers from 0, to count periods with
`numbers` AS (
  SELECT
    *
  FROM (
    SELECT
      CAST(`t2`.`digit` + (
        `t7`.`tens` * 10
      ) + (
        `t8`.`hundreds` * 100
      ) + (
        `t9`.`thousands` * 1000
      ) AS INT64) AS `number`
    FROM `digits` AS `t2`
    CROSS JOIN (
      SELECT
        `t0`.`digit` AS `tens`
      FROM `digits` AS `t0`
    ) AS `t7`
    CROSS JOIN (
      SELECT
        `t0`.`digit` AS `hundreds`
      FROM `digits` AS `t0`
    ) AS `t8`
    CROSS JOIN (
      SELECT
        `t0`.`digit` AS `thousands`
      FROM `digits` AS `t0`
    ) AS `t9`
  ) AS `t10`
  WHERE
    `t10`.`number` < (
      (
        EXTRACT(year FROM (
          SELECT
            *
          FROM `as_of` AS `t1`
        )) - 2024
      ) + 2
    )
),

-- members in the order of their ids, numbered from 0
`numbered_members` AS (
  SELECT
    `t0`.`member_id`,
    `t0`.`signed_up_on`,
    CAST(ROW_NUMBER() OVER (ORDER BY `t0`.`member_id` ASC) - 1 AS INT64) AS `member_no`,
    CAST(EXTRACT(year FROM `t0`.`signed_up_on`) AS INT64) AS `signed_up_year`,
    (
      EXTRACT(month FROM `t0`.`signed_up_on`) * 100
    ) + EXTRACT(day FROM `t0`.`signed_up_on`) AS `signed_up_day`
  FROM `members` AS `t0`
),

-- one row for each member under each choice of versions
`accounts` AS (
  SELECT
    `t1`.*
    EXCEPT (`member_no`)
  FROM (
    SELECT
      `t0`.`member_no`,
      `t0`.`member_id`,
      `t0`.`signed_up_on`,
      `t0`.`signed_up_year`,
      `t0`.`signed_up_day`,
      `t0`.`member_no` AS `account`,
      0 AS `set_no`
    FROM `numbered_members` AS `t0`
  ) AS `t1`
),

-- events up to the as-of date, each with its member
`counted_events` AS (
  SELECT
    `t7`.*
    EXCEPT (`member_id`)
  FROM (
    SELECT
      `t6`.`member_id`,
      `t6`.`at`,
      `t6`.`event_id`,
      `t6`.`local`,
      `t6`.`activity`,
      `t6`.`points`,
      `t6`.`a0_days`,
      `t6`.`day`,
      `t3`.`signed_up_on`,
      `t3`.`member_no`,
      `t3`.`signed_up_year`,
      `t3`.`signed_up_day`
    FROM (
      SELECT
        `t0`.`member_id`,
        `t0`.`at`,
        `t0`.`event_id`,
        `t0`.`local`,
        `t0`.`activity`,
        `t0`.`points`,
        `t0`.`a0_days`,
        DATE(`t0`.`local`) AS `day`
      FROM `events` AS `t0`
      WHERE
        DATE(`t0`.`local`) <= (
          SELECT
            *
          FROM `as_of` AS `t2`
        )
    ) AS `t6`
    INNER JOIN `numbered_members` AS `t3`
      ON `t6`.`member_id` = `t3`.`member_id`
  ) AS `t7`
),

-- and with its year, and the version in force on its day
`dated_events` AS (
  SELECT
    `t1`.*
    EXCEPT (`signed_up_day`, `signed_up_on`, `signed_up_year`)
  FROM (
    SELECT
      `t0`.`at`,
      `t0`.`event_id`,
      `t0`.`local`,
      `t0`.`activity`,
      `t0`.`points`,
      `t0`.`a0_days`,
      `t0`.`day`,
      `t0`.`signed_up_on`,
      `t0`.`member_no`,
      `t0`.`signed_up_year`,
      `t0`.`signed_up_day`,
      CAST(EXTRACT(year FROM `t0`.`day`) AS INT64) AS `year`,
      CASE
        WHEN `t0`.`day` >= DATE(2025, 1, 1)
        THEN 1
        WHEN `t0`.`day` >= DATE(2024, 1, 1)
        THEN 0
        ELSE -1
      END AS `version_index`,
      `t0`.`day` < `t0`.`signed_up_on` AS `is_before_sign_up`,
      (
        CAST(EXTRACT(year FROM `t0`.`day`) AS INT64) - `t0`.`signed_up_year`
      ) + IF(
        (
          (
            EXTRACT(month FROM `t0`.`day`) * 100
          ) + EXTRACT(day FROM `t0`.`day`)
        ) >= IF(
          (
            `t0`.`signed_up_day` = 229
          )
          AND NOT (
            (
              (
                MOD(CAST(EXTRACT(year FROM `t0`.`day`) AS INT64), 4)
              ) = 0
            )
            AND (
              (
                (
                  MOD(CAST(EXTRACT(year FROM `t0`.`day`) AS INT64), 100)
                ) <> 0
              )
              OR (
                (
                  MOD(CAST(EXTRACT(year FROM `t0`.`day`) AS INT64), 400)
                ) = 0
              )
            )
          ),
          228,
          `t0`.`signed_up_day`
        ),
        1,
        0
      ) AS `membership_year`
    FROM `counted_events` AS `t0`
  ) AS `t1`
),

-- events with their activity's rule, where there is one
`ruled_events` AS (
  SELECT
    `t4`.*
    EXCEPT (`activity_right`, `version_index_right`)
  FROM (
    SELECT
      `t2`.`at`,
      `t2`.`event_id`,
      `t2`.`local`,
      `t2`.`activity`,
      `t2`.`points`,
      `t2`.`a0_days`,
      `t2`.`day`,
      `t2`.`member_no`,
      `t2`.`year`,
      `t2`.`version_index`,
      `t2`.`is_before_sign_up`,
      `t2`.`membership_year`,
      `t3`.`version_index` AS `version_index_right`,
      `t3`.`activity` AS `activity_right`,
      `t3`.`activity_no`,
      `t3`.`rule_no`,
      `t3`.`balance_no`,
      `t3`.`limits`,
      `t3`.`form`,
      `t3`.`amount`,
      `t3`.`amount_outcome`,
      `t3`.`lowest`,
      `t3`.`highest`,
      `t3`.`minimum`,
      `t3`.`spread`,
      `t3`.`is_assessed`,
      `t3`.`quantity_no`,
      `t3`.`cap_0_no`
    FROM `dated_events` AS `t2`
    LEFT OUTER JOIN `rules` AS `t3`
      ON `t2`.`version_index` = `t3`.`version_index` AND `t2`.`activity` = `t3`.`activity`
  ) AS `t4`
),

-- and with points before bonuses, and what the conditions say: nothing where an attribute is missing
`judged_events` AS (
  SELECT
    `t0`.`at`,
    `t0`.`event_id`,
    `t0`.`local`,
    `t0`.`activity`,
    `t0`.`points`,
    `t0`.`a0_days`,
    `t0`.`day`,
    `t0`.`member_no`,
    `t0`.`year`,
    `t0`.`version_index`,
    `t0`.`is_before_sign_up`,
    `t0`.`membership_year`,
    `t0`.`activity_no`,
    `t0`.`rule_no`,
    `t0`.`balance_no`,
    `t0`.`limits`,
    `t0`.`form`,
    `t0`.`amount`,
    `t0`.`amount_outcome`,
    `t0`.`lowest`,
    `t0`.`highest`,
    `t0`.`minimum`,
    `t0`.`spread`,
    `t0`.`is_assessed`,
    `t0`.`quantity_no`,
    `t0`.`cap_0_no`,
    CASE
      WHEN (
        `t0`.`form` = 1
      )
      AND (
        `t0`.`points` IS NOT NULL
      )
      AND `t0`.`points` BETWEEN `t0`.`lowest` AND `t0`.`highest`
      THEN `t0`.`points`
      WHEN `t0`.`form` = 2
      THEN CAST(CAST(FLOOR(
        (
          CAST(CASE WHEN `t0`.`quantity_no` = 0 THEN `t0`.`a0_days` ELSE CAST(NULL AS INT64) END AS NUMERIC) * CAST(`t0`.`amount` AS NUMERIC)
        ) + CAST('0.5' AS NUMERIC)
      ) AS NUMERIC) AS INT64)
      ELSE `t0`.`amount`
    END AS `base`,
    CASE
      WHEN (
        `t0`.`form` = 1
      ) AND (
        `t0`.`points` IS NOT NULL
      )
      THEN IF(`t0`.`points` BETWEEN `t0`.`lowest` AND `t0`.`highest`, 0, 5)
      WHEN `t0`.`form` = 2
      THEN CASE
        WHEN CASE WHEN `t0`.`quantity_no` = 0 THEN `t0`.`a0_days` ELSE CAST(NULL AS INT64) END IS NULL
        THEN 6
        WHEN CASE WHEN `t0`.`quantity_no` = 0 THEN `t0`.`a0_days` ELSE CAST(NULL AS INT64) END < 0
        THEN 5
        ELSE 0
      END
      ELSE `t0`.`amount_outcome`
    END AS `base_outcome`,
    FALSE AS `base_assumed`
  FROM `ruled_events` AS `t0`
),

-- and with what became of the valuation
`priced_events` AS (
  SELECT
    `t0`.`at`,
    `t0`.`event_id`,
    `t0`.`local`,
    `t0`.`activity`,
    `t0`.`points`,
    `t0`.`a0_days`,
    `t0`.`day`,
    `t0`.`member_no`,
    `t0`.`year`,
    `t0`.`version_index`,
    `t0`.`is_before_sign_up`,
    `t0`.`membership_year`,
    `t0`.`activity_no`,
    `t0`.`rule_no`,
    `t0`.`balance_no`,
    `t0`.`limits`,
    `t0`.`form`,
    `t0`.`amount`,
    `t0`.`amount_outcome`,
    `t0`.`lowest`,
    `t0`.`highest`,
    `t0`.`minimum`,
    `t0`.`spread`,
    `t0`.`is_assessed`,
    `t0`.`quantity_no`,
    `t0`.`cap_0_no`,
    `t0`.`base`,
    `t0`.`base_outcome`,
    `t0`.`base_assumed`,
    CASE
      WHEN `t0`.`is_before_sign_up`
      THEN 10
      WHEN `t0`.`version_index` = -1
      THEN 11
      WHEN COALESCE(`t0`.`rule_no`, -1) = -1
      THEN 9
      ELSE `t0`.`base_outcome`
    END AS `outcome`,
    `t0`.`base` AS `asked`
  FROM `judged_events` AS `t0`
),

-- events with the points requested, before any limit, as narrow as can be
`valued_events` AS (
  SELECT
    `t0`.`member_no`,
    `t0`.`at`,
    `t0`.`event_id`,
    `t0`.`local`,
    `t0`.`activity`,
    CAST(`t0`.`membership_year` AS INT64) AS `membership_year`,
    CAST(`t0`.`version_index` AS INT64) AS `version_index`,
    COALESCE(`t0`.`rule_no`, -1) AS `rule_no`,
    CAST(COALESCE(`t0`.`balance_no`, 0) AS INT64) AS `balance_no`,
    COALESCE(`t0`.`limits`, 0) AS `limits`,
    IF(`t0`.`outcome` = 0, `t0`.`asked`, 0) AS `requested`,
    CAST(`t0`.`outcome` AS INT64) AS `outcome`,
    COALESCE(
      (
        `t0`.`outcome` = 0
      )
      AND NOT (
        `t0`.`is_assessed`
      )
      AND (
        `t0`.`points` <> `t0`.`asked`
      ),
      FALSE
    ) AS `is_ignored`,
    COALESCE((
      `t0`.`outcome` = 0
    ) AND `t0`.`base_assumed`, FALSE) AS `is_assumed`,
    COALESCE(`t0`.`limits`, 0) <> 0 AS `can_be_limited`
  FROM `priced_events` AS `t0`
),

-- events that can meet a limit, or whose balance is summed apart
`limited_events` AS (
  SELECT
    `t0`.`member_no`,
    `t0`.`at`,
    `t0`.`event_id`,
    `t0`.`local`,
    `t0`.`activity`,
    `t0`.`membership_year`,
    `t0`.`version_index`,
    `t0`.`rule_no`,
    `t0`.`balance_no`,
    `t0`.`limits`,
    `t0`.`requested`,
    `t0`.`outcome`,
    `t0`.`is_ignored`,
    `t0`.`is_assumed`,
    `t0`.`can_be_limited`,
    `t0`.`requested` AS `passed`,
    0 AS `own_total`
  FROM `valued_events` AS `t0`
  WHERE
    `t0`.`can_be_limited`
),

-- events that meet a cap of stage 0, and its window
`cap_0_offered` AS (
  SELECT
    `t8`.`member_no`,
    `t8`.`at`,
    `t8`.`event_id`,
    `t8`.`local`,
    `t8`.`activity`,
    `t8`.`membership_year`,
    `t8`.`version_index`,
    `t8`.`rule_no`,
    `t8`.`balance_no`,
    `t8`.`limits`,
    `t8`.`requested`,
    `t8`.`outcome`,
    `t8`.`is_ignored`,
    `t8`.`is_assumed`,
    `t8`.`can_be_limited`,
    `t8`.`passed`,
    `t8`.`own_total`,
    `t8`.`chosen_rule`,
    `t8`.`cap_no`,
    `t8`.`epoch`,
    `t8`.`kind`,
    `t8`.`per`,
    `t8`.`limit_0`,
    (
      CAST(EXTRACT(year FROM DATE(`t8`.`local`)) AS INT64) * 100
    ) + EXTRACT(month FROM DATE(`t8`.`local`)) AS `window`,
    IF(`t8`.`kind` = 'points', `t8`.`passed`, 1) AS `counted`
  FROM (
    SELECT
      `t7`.`member_no`,
      `t7`.`at`,
      `t7`.`event_id`,
      `t7`.`local`,
      `t7`.`activity`,
      `t7`.`membership_year`,
      `t7`.`version_index`,
      `t7`.`rule_no`,
      `t7`.`balance_no`,
      `t7`.`limits`,
      `t7`.`requested`,
      `t7`.`outcome`,
      `t7`.`is_ignored`,
      `t7`.`is_assumed`,
      `t7`.`can_be_limited`,
      `t7`.`passed`,
      `t7`.`own_total`,
      `t5`.`chosen_rule`,
      `t5`.`cap_no`,
      `t5`.`epoch`,
      `t3`.`kind`,
      `t3`.`per`,
      `t3`.`limit_0`
    FROM (
      SELECT
        *
      FROM `limited_events` AS `t0`
      WHERE
        (
          `t0`.`limits` & 2
        ) <> 0 AND `t0`.`passed` > 0
    ) AS `t7`
    INNER JOIN (
      SELECT
        `t2`.`rule_no` AS `chosen_rule`,
        `t2`.`cap_0_no` AS `cap_no`,
        0 AS `epoch`
      FROM `rules` AS `t2`
    ) AS `t5`
      ON `t7`.`rule_no` = `t5`.`chosen_rule`
    INNER JOIN `caps` AS `t3`
      ON `t5`.`cap_no` = `t3`.`cap_no`
  ) AS `t8`
),

-- running sums of what is offered, by epoch
`cap_0_sums` AS (
  SELECT
    `t0`.`member_no`,
    `t0`.`at`,
    `t0`.`event_id`,
    `t0`.`local`,
    `t0`.`activity`,
    `t0`.`membership_year`,
    `t0`.`version_index`,
    `t0`.`rule_no`,
    `t0`.`balance_no`,
    `t0`.`limits`,
    `t0`.`requested`,
    `t0`.`outcome`,
    `t0`.`is_ignored`,
    `t0`.`is_assumed`,
    `t0`.`can_be_limited`,
    `t0`.`passed`,
    `t0`.`own_total`,
    `t0`.`chosen_rule`,
    `t0`.`cap_no`,
    `t0`.`epoch`,
    `t0`.`kind`,
    `t0`.`per`,
    `t0`.`limit_0`,
    `t0`.`window`,
    `t0`.`counted`,
    SUM(`t0`.`counted`) OVER (
      PARTITION BY `t0`.`member_no`, `t0`.`cap_no`, `t0`.`window`
      ORDER BY `t0`.`at` ASC, `t0`.`event_id` ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS `sum_0`
  FROM `cap_0_offered` AS `t0`
),

-- used after and before each event, up to epoch 0
`cap_0_used_0` AS (
  SELECT
    `t0`.`member_no`,
    `t0`.`at`,
    `t0`.`event_id`,
    `t0`.`local`,
    `t0`.`activity`,
    `t0`.`membership_year`,
    `t0`.`version_index`,
    `t0`.`rule_no`,
    `t0`.`balance_no`,
    `t0`.`limits`,
    `t0`.`requested`,
    `t0`.`outcome`,
    `t0`.`is_ignored`,
    `t0`.`is_assumed`,
    `t0`.`can_be_limited`,
    `t0`.`passed`,
    `t0`.`own_total`,
    `t0`.`chosen_rule`,
    `t0`.`cap_no`,
    `t0`.`epoch`,
    `t0`.`kind`,
    `t0`.`per`,
    `t0`.`limit_0`,
    `t0`.`window`,
    `t0`.`counted`,
    `t0`.`sum_0`,
    GREATEST(0, LEAST(`t0`.`limit_0`, 0 + `t0`.`sum_0`)) AS `used`,
    GREATEST(0, LEAST(`t0`.`limit_0`, 0 + (
      `t0`.`sum_0` - `t0`.`counted`
    ))) AS `used_before`
  FROM `cap_0_sums` AS `t0`
),

-- all of them after the caps of stage 0
`cap_0_passed` AS (
  SELECT
    *
  FROM (
    SELECT
      `t0`.`member_no`,
      `t0`.`at`,
      `t0`.`event_id`,
      `t0`.`local`,
      `t0`.`activity`,
      `t0`.`membership_year`,
      `t0`.`version_index`,
      `t0`.`rule_no`,
      `t0`.`balance_no`,
      `t0`.`limits`,
      `t0`.`requested`,
      `t0`.`outcome`,
      `t0`.`is_ignored`,
      `t0`.`is_assumed`,
      `t0`.`can_be_limited`,
      IF(
        `t0`.`kind` = 'points',
        `t0`.`used` - `t0`.`used_before`,
        IF((
          `t0`.`used` - `t0`.`used_before`
        ) > 0, `t0`.`passed`, 0)
      ) AS `passed`,
      `t0`.`own_total`
    FROM `cap_0_used_0` AS `t0`
  ) AS `t2`
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      *
    FROM `limited_events` AS `t1`
    WHERE
      NOT (
        (
          (
            `t1`.`limits` & 2
          ) <> 0
        ) AND (
          `t1`.`passed` > 0
        )
      )
  ) AS `t3`
),

-- events of the balances that are summed apart, with running totals
`own_totals` AS (
  SELECT
    `t1`.`member_no`,
    `t1`.`at`,
    `t1`.`event_id`,
    `t1`.`local`,
    `t1`.`activity`,
    `t1`.`membership_year`,
    `t1`.`version_index`,
    `t1`.`rule_no`,
    `t1`.`balance_no`,
    `t1`.`limits`,
    `t1`.`requested`,
    `t1`.`outcome`,
    `t1`.`is_ignored`,
    `t1`.`is_assumed`,
    `t1`.`can_be_limited`,
    `t1`.`passed`,
    SUM(`t1`.`passed`) OVER (
      PARTITION BY `t1`.`member_no`, `t1`.`balance_no`, `t1`.`period`
      ORDER BY `t1`.`at` ASC, `t1`.`event_id` ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) + CASE WHEN `t1`.`balance_no` = 0 THEN 0 ELSE 0 END AS `own_total`,
    `t1`.`period`
  FROM (
    SELECT
      `t0`.`member_no`,
      `t0`.`at`,
      `t0`.`event_id`,
      `t0`.`local`,
      `t0`.`activity`,
      `t0`.`membership_year`,
      `t0`.`version_index`,
      `t0`.`rule_no`,
      `t0`.`balance_no`,
      `t0`.`limits`,
      `t0`.`requested`,
      `t0`.`outcome`,
      `t0`.`is_ignored`,
      `t0`.`is_assumed`,
      `t0`.`can_be_limited`,
      `t0`.`passed`,
      `t0`.`own_total`,
      CASE WHEN `t0`.`balance_no` = 0 THEN `t0`.`membership_year` ELSE 1 END AS `period`
    FROM `cap_0_passed` AS `t0`
    WHERE
      (
        `t0`.`limits` & 1
      ) <> 0 AND `t0`.`outcome` <> 10
  ) AS `t1`
),

-- and all others that can meet a limit
`totalled_events` AS (
  SELECT
    *
  FROM (
    SELECT
      `t0`.`member_no`,
      `t0`.`at`,
      `t0`.`event_id`,
      `t0`.`local`,
      `t0`.`activity`,
      `t0`.`membership_year`,
      `t0`.`version_index`,
      `t0`.`rule_no`,
      `t0`.`balance_no`,
      `t0`.`limits`,
      `t0`.`requested`,
      `t0`.`outcome`,
      `t0`.`is_ignored`,
      `t0`.`is_assumed`,
      `t0`.`can_be_limited`,
      `t0`.`passed`,
      `t0`.`own_total`
    FROM `own_totals` AS `t0`
  ) AS `t2`
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      *
    FROM `cap_0_passed` AS `t1`
    WHERE
      NOT (
        (
          (
            `t1`.`limits` & 1
          ) <> 0
        ) AND (
          `t1`.`outcome` <> 10
        )
      )
  ) AS `t3`
),

-- all events again, with what limits leave of them
`passed_events` AS (
  SELECT
    *
  FROM (
    SELECT
      *
    FROM `totalled_events` AS `t0`
  ) AS `t2`
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      `t1`.`member_no`,
      `t1`.`at`,
      `t1`.`event_id`,
      `t1`.`local`,
      `t1`.`activity`,
      `t1`.`membership_year`,
      `t1`.`version_index`,
      `t1`.`rule_no`,
      `t1`.`balance_no`,
      `t1`.`limits`,
      `t1`.`requested`,
      `t1`.`outcome`,
      `t1`.`is_ignored`,
      `t1`.`is_assumed`,
      `t1`.`can_be_limited`,
      `t1`.`requested` AS `passed`,
      0 AS `own_total`
    FROM `valued_events` AS `t1`
    WHERE
      NOT (
        `t1`.`can_be_limited`
      )
  ) AS `t3`
),

-- every event with what counts
`awarded_events` AS (
  SELECT
    `t0`.`member_no`,
    `t0`.`at`,
    `t0`.`event_id`,
    `t0`.`local`,
    `t0`.`activity`,
    `t0`.`membership_year`,
    `t0`.`version_index`,
    `t0`.`rule_no`,
    `t0`.`balance_no`,
    `t0`.`limits`,
    `t0`.`requested`,
    IF(
      (
        `t0`.`outcome` = 0
      ) AND (
        `t0`.`passed` <> `t0`.`requested`
      ),
      IF(`t0`.`passed` <> 0, 1, 2),
      `t0`.`outcome`
    ) AS `outcome`,
    `t0`.`is_ignored`,
    `t0`.`is_assumed`,
    `t0`.`can_be_limited`,
    `t0`.`passed` AS `awarded`,
    `t0`.`own_total`
  FROM `passed_events` AS `t0`
),

-- every event with its place among the member's, and all gains so far
`summed_events` AS (
  SELECT
    `t1`.`member_no`,
    `t1`.`place`,
    `t1`.`event_id`,
    `t1`.`local`,
    `t1`.`activity`,
    `t1`.`membership_year`,
    `t1`.`version_index`,
    `t1`.`balance_no`,
    `t1`.`requested`,
    `t1`.`awarded`,
    `t1`.`outcome`,
    `t1`.`is_ignored`,
    `t1`.`is_assumed`,
    `t1`.`gained`,
    `t1`.`own_total`
  FROM (
    SELECT
      `t0`.`member_no`,
      `t0`.`at`,
      `t0`.`event_id`,
      `t0`.`local`,
      `t0`.`activity`,
      `t0`.`membership_year`,
      `t0`.`version_index`,
      `t0`.`rule_no`,
      `t0`.`balance_no`,
      `t0`.`limits`,
      `t0`.`requested`,
      `t0`.`outcome`,
      `t0`.`is_ignored`,
      `t0`.`is_assumed`,
      `t0`.`can_be_limited`,
      `t0`.`awarded`,
      `t0`.`own_total`,
      CAST(ROW_NUMBER() OVER (PARTITION BY `t0`.`member_no` ORDER BY `t0`.`at` ASC, `t0`.`event_id` ASC) - 1 AS INT64) AS `place`,
      SUM(IF(`t0`.`balance_no` = 0, `t0`.`awarded`, 0)) OVER (
        PARTITION BY `t0`.`member_no`
        ORDER BY `t0`.`at` ASC, `t0`.`event_id` ASC
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS `gained`
    FROM `awarded_events` AS `t0`
  ) AS `t1`
),

-- what each account was awarded, by edition, period and balance
`sums` AS (
  SELECT
    `t1`.`awarded`,
    `t1`.`member_no` AS `account`,
    `t1`.`version_index` AS `edition`,
    `t1`.`membership_year` AS `level_period`,
    `t1`.`balance_no`,
    CASE WHEN `t1`.`balance_no` = 0 THEN `t1`.`membership_year` ELSE 1 END AS `period`
  FROM (
    SELECT
      `t0`.`member_no`,
      `t0`.`membership_year`,
      `t0`.`version_index`,
      `t0`.`balance_no`,
      SUM(`t0`.`awarded`) AS `awarded`
    FROM `summed_events` AS `t0`
    GROUP BY
      1,
      2,
      3,
      4
  ) AS `t1`
),

-- what each segment of an account's time brings to the level balance
`gains` AS (
  SELECT
    `t1`.`account`,
    `t1`.`edition`,
    `t1`.`level_period`,
    SUM(`t1`.`awarded`) AS `gain`
  FROM (
    SELECT
      *
    FROM `sums` AS `t0`
    WHERE
      `t0`.`balance_no` = 0
  ) AS `t1`
  GROUP BY
    1,
    2,
    3
),

-- accounts with their first day under a version
`begun_accounts` AS (
  SELECT
    `t0`.`account`,
    `t0`.`set_no`,
    `t0`.`signed_up_on`,
    `t0`.`signed_up_year`,
    `t0`.`signed_up_day`,
    GREATEST(`t0`.`signed_up_on`, DATE(2024, 1, 1)) AS `first_day`
  FROM `accounts` AS `t0`
  WHERE
    `t0`.`signed_up_on` <= (
      SELECT
        *
      FROM `as_of` AS `t1`
    )
    AND GREATEST(`t0`.`signed_up_on`, DATE(2024, 1, 1)) <= (
      SELECT
        *
      FROM `as_of` AS `t1`
    )
),

-- and the periods of the level balance from that day on
`account_periods` AS (
  SELECT
    `t0`.`account`,
    `t0`.`set_no`,
    `t0`.`signed_up_on`,
    `t0`.`signed_up_year`,
    `t0`.`signed_up_day`,
    `t0`.`first_day`,
    CAST((
      CAST(EXTRACT(year FROM `t0`.`first_day`) AS INT64) - `t0`.`signed_up_year`
    ) + IF(
      (
        (
          EXTRACT(month FROM `t0`.`first_day`) * 100
        ) + EXTRACT(day FROM `t0`.`first_day`)
      ) >= IF(
        (
          `t0`.`signed_up_day` = 229
        )
        AND NOT (
          (
            (
              MOD(CAST(EXTRACT(year FROM `t0`.`first_day`) AS INT64), 4)
            ) = 0
          )
          AND (
            (
              (
                MOD(CAST(EXTRACT(year FROM `t0`.`first_day`) AS INT64), 100)
              ) <> 0
            )
            OR (
              (
                MOD(CAST(EXTRACT(year FROM `t0`.`first_day`) AS INT64), 400)
              ) = 0
            )
          )
        ),
        228,
        `t0`.`signed_up_day`
      ),
      1,
      0
    ) AS INT64) AS `first_period`,
    CAST((
      CAST(EXTRACT(year FROM (
        SELECT
          *
        FROM `as_of` AS `t1`
      )) AS INT64) - `t0`.`signed_up_year`
    ) + IF(
      (
        (
          EXTRACT(month FROM (
            SELECT
              *
            FROM `as_of` AS `t1`
          )) * 100
        ) + EXTRACT(day FROM (
          SELECT
            *
          FROM `as_of` AS `t1`
        ))
      ) >= IF(
        (
          `t0`.`signed_up_day` = 229
        )
        AND NOT (
          (
            (
              MOD(CAST(EXTRACT(year FROM (
                SELECT
                  *
                FROM `as_of` AS `t1`
              )) AS INT64), 4)
            ) = 0
          )
          AND (
            (
              (
                MOD(CAST(EXTRACT(year FROM (
                  SELECT
                    *
                  FROM `as_of` AS `t1`
                )) AS INT64), 100)
              ) <> 0
            )
            OR (
              (
                MOD(CAST(EXTRACT(year FROM (
                  SELECT
                    *
                  FROM `as_of` AS `t1`
                )) AS INT64), 400)
              ) = 0
            )
          )
        ),
        228,
        `t0`.`signed_up_day`
      ),
      1,
      0
    ) AS INT64) AS `last_period`
  FROM `begun_accounts` AS `t0`
),

-- one row for each period of an account
`listed_periods` AS (
  SELECT
    `t4`.`account`,
    `t4`.`set_no`,
    `t4`.`signed_up_on`,
    `t4`.`signed_up_year`,
    `t4`.`signed_up_day`,
    `t4`.`first_day`,
    `t4`.`first_period`,
    `t4`.`last_period`,
    `t4`.`number`,
    CAST(`t4`.`first_period` + `t4`.`number` AS INT64) AS `level_period`
  FROM (
    SELECT
      `t2`.`account`,
      `t2`.`set_no`,
      `t2`.`signed_up_on`,
      `t2`.`signed_up_year`,
      `t2`.`signed_up_day`,
      `t2`.`first_day`,
      `t2`.`first_period`,
      `t2`.`last_period`,
      `t3`.`number`
    FROM `account_periods` AS `t2`
    INNER JOIN `numbers` AS `t3`
      ON (
        `t2`.`first_period` + `t3`.`number`
      ) <= `t2`.`last_period`
  ) AS `t4`
),

-- and the days from which and up to which it runs
`periods` AS (
  SELECT
    `t1`.`account`,
    `t1`.`set_no`,
    `t1`.`signed_up_on`,
    `t1`.`first_day`,
    `t1`.`level_period`,
    `t1`.`period_start`,
    `t1`.`period_end`
  FROM (
    SELECT
      `t0`.`account`,
      `t0`.`set_no`,
      `t0`.`signed_up_on`,
      `t0`.`signed_up_year`,
      `t0`.`signed_up_day`,
      `t0`.`first_day`,
      `t0`.`first_period`,
      `t0`.`last_period`,
      `t0`.`number`,
      `t0`.`level_period`,
      DATE(
        CAST(`t0`.`signed_up_year` + (
          `t0`.`level_period` - 1
        ) AS INT64),
        CAST(CAST(DIV(
          IF(
            (
              `t0`.`signed_up_day` = 229
            )
            AND NOT (
              (
                (
                  MOD(`t0`.`signed_up_year` + (
                    `t0`.`level_period` - 1
                  ), 4)
                ) = 0
              )
              AND (
                (
                  (
                    MOD(`t0`.`signed_up_year` + (
                      `t0`.`level_period` - 1
                    ), 100)
                  ) <> 0
                )
                OR (
                  (
                    MOD(`t0`.`signed_up_year` + (
                      `t0`.`level_period` - 1
                    ), 400)
                  ) = 0
                )
              )
            ),
            228,
            `t0`.`signed_up_day`
          ),
          100
        ) AS INT64) AS INT64),
        CAST(MOD(
          IF(
            (
              `t0`.`signed_up_day` = 229
            )
            AND NOT (
              (
                (
                  MOD(`t0`.`signed_up_year` + (
                    `t0`.`level_period` - 1
                  ), 4)
                ) = 0
              )
              AND (
                (
                  (
                    MOD(`t0`.`signed_up_year` + (
                      `t0`.`level_period` - 1
                    ), 100)
                  ) <> 0
                )
                OR (
                  (
                    MOD(`t0`.`signed_up_year` + (
                      `t0`.`level_period` - 1
                    ), 400)
                  ) = 0
                )
              )
            ),
            228,
            `t0`.`signed_up_day`
          ),
          100
        ) AS INT64)
      ) AS `period_start`,
      DATE(
        CAST(`t0`.`signed_up_year` + `t0`.`level_period` AS INT64),
        CAST(CAST(DIV(
          IF(
            (
              `t0`.`signed_up_day` = 229
            )
            AND NOT (
              (
                (
                  MOD(`t0`.`signed_up_year` + `t0`.`level_period`, 4)
                ) = 0
              )
              AND (
                (
                  (
                    MOD(`t0`.`signed_up_year` + `t0`.`level_period`, 100)
                  ) <> 0
                )
                OR (
                  (
                    MOD(`t0`.`signed_up_year` + `t0`.`level_period`, 400)
                  ) = 0
                )
              )
            ),
            228,
            `t0`.`signed_up_day`
          ),
          100
        ) AS INT64) AS INT64),
        CAST(MOD(
          IF(
            (
              `t0`.`signed_up_day` = 229
            )
            AND NOT (
              (
                (
                  MOD(`t0`.`signed_up_year` + `t0`.`level_period`, 4)
                ) = 0
              )
              AND (
                (
                  (
                    MOD(`t0`.`signed_up_year` + `t0`.`level_period`, 100)
                  ) <> 0
                )
                OR (
                  (
                    MOD(`t0`.`signed_up_year` + `t0`.`level_period`, 400)
                  ) = 0
                )
              )
            ),
            228,
            `t0`.`signed_up_day`
          ),
          100
        ) AS INT64)
      ) AS `period_end`
    FROM `listed_periods` AS `t0`
  ) AS `t1`
),

-- stretches of an account's time with one edition and one period
`segments` AS (
  SELECT
    `t6`.`account`,
    `t6`.`set_no`,
    `t6`.`signed_up_on`,
    `t6`.`first_day`,
    `t6`.`level_period`,
    `t6`.`period_start`,
    `t6`.`period_end`,
    `t6`.`edition`,
    `t6`.`era`,
    `t6`.`version`,
    `t6`.`starts_on`,
    `t6`.`ends_on`,
    `t6`.`one_level`,
    `t6`.`level_count`,
    `t6`.`threshold_0`,
    `t6`.`threshold_1`,
    GREATEST(`t6`.`period_start`, `t6`.`starts_on`) AS `starts`,
    LEAST(`t6`.`period_end`, `t6`.`ends_on`) AS `ends`
  FROM (
    SELECT
      `t3`.`account`,
      `t3`.`set_no`,
      `t3`.`signed_up_on`,
      `t3`.`first_day`,
      `t3`.`level_period`,
      `t3`.`period_start`,
      `t3`.`period_end`,
      `t4`.`edition`,
      `t4`.`era`,
      `t4`.`version`,
      `t4`.`starts_on`,
      `t4`.`ends_on`,
      `t4`.`one_level`,
      `t4`.`level_count`,
      `t4`.`threshold_0`,
      `t4`.`threshold_1`
    FROM `periods` AS `t3`
    INNER JOIN `editions` AS `t4`
      ON `t3`.`set_no` = `t4`.`set_no`
  ) AS `t6`
  WHERE
    GREATEST(`t6`.`period_start`, `t6`.`starts_on`) < LEAST(`t6`.`period_end`, `t6`.`ends_on`)
    AND GREATEST(`t6`.`period_start`, `t6`.`starts_on`) <= (
      SELECT
        *
      FROM `as_of` AS `t2`
    )
),

-- segments with what they bring
`segment_gains` AS (
  SELECT
    `t5`.`account`,
    `t5`.`set_no`,
    `t5`.`signed_up_on`,
    `t5`.`first_day`,
    `t5`.`level_period`,
    `t5`.`period_start`,
    `t5`.`period_end`,
    `t5`.`edition`,
    `t5`.`era`,
    `t5`.`version`,
    `t5`.`starts_on`,
    `t5`.`ends_on`,
    `t5`.`one_level`,
    `t5`.`level_count`,
    `t5`.`threshold_0`,
    `t5`.`threshold_1`,
    `t5`.`starts`,
    `t5`.`ends`,
    COALESCE(`t5`.`gain`, 0) AS `gain`,
    `t5`.`starts` = `t5`.`signed_up_on` AS `is_opening`,
    (
      `t5`.`starts` = `t5`.`period_start`
    )
    AND NOT (
      `t5`.`starts` = `t5`.`signed_up_on`
    ) AS `is_reset`
  FROM (
    SELECT
      `t4`.*
      EXCEPT (`account_right`, `edition_right`, `level_period_right`)
    FROM (
      SELECT
        `t2`.`account`,
        `t2`.`set_no`,
        `t2`.`signed_up_on`,
        `t2`.`first_day`,
        `t2`.`level_period`,
        `t2`.`period_start`,
        `t2`.`period_end`,
        `t2`.`edition`,
        `t2`.`era`,
        `t2`.`version`,
        `t2`.`starts_on`,
        `t2`.`ends_on`,
        `t2`.`one_level`,
        `t2`.`level_count`,
        `t2`.`threshold_0`,
        `t2`.`threshold_1`,
        `t2`.`starts`,
        `t2`.`ends`,
        `t3`.`account` AS `account_right`,
        `t3`.`edition` AS `edition_right`,
        `t3`.`level_period` AS `level_period_right`,
        `t3`.`gain`
      FROM `segments` AS `t2`
      LEFT OUTER JOIN `gains` AS `t3`
        ON `t2`.`account` = `t3`.`account`
        AND `t2`.`edition` = `t3`.`edition`
        AND `t2`.`level_period` = `t3`.`level_period`
    ) AS `t4`
  ) AS `t5`
),

-- and with how far ranks fall where they begin
`segment_falls` AS (
  SELECT
    `t0`.`account`,
    `t0`.`set_no`,
    `t0`.`signed_up_on`,
    `t0`.`first_day`,
    `t0`.`level_period`,
    `t0`.`period_start`,
    `t0`.`period_end`,
    `t0`.`edition`,
    `t0`.`era`,
    `t0`.`version`,
    `t0`.`starts_on`,
    `t0`.`ends_on`,
    `t0`.`one_level`,
    `t0`.`level_count`,
    `t0`.`threshold_0`,
    `t0`.`threshold_1`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`gain`,
    `t0`.`is_opening`,
    `t0`.`is_reset`,
    CASE WHEN NOT (
      `t0`.`is_reset`
    ) THEN 0 WHEN `t0`.`one_level` THEN 1 ELSE 1000 END AS `fall`
  FROM `segment_gains` AS `t0`
),

-- segments with the total at their end, and all falls so far
`segment_totals` AS (
  SELECT
    `t0`.`account`,
    `t0`.`set_no`,
    `t0`.`signed_up_on`,
    `t0`.`first_day`,
    `t0`.`level_period`,
    `t0`.`period_start`,
    `t0`.`period_end`,
    `t0`.`edition`,
    `t0`.`era`,
    `t0`.`version`,
    `t0`.`starts_on`,
    `t0`.`ends_on`,
    `t0`.`one_level`,
    `t0`.`level_count`,
    `t0`.`threshold_0`,
    `t0`.`threshold_1`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`gain`,
    `t0`.`is_opening`,
    `t0`.`is_reset`,
    `t0`.`fall`,
    SUM(`t0`.`gain`) OVER (
      PARTITION BY `t0`.`account`
      ORDER BY `t0`.`starts` ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS `gained`,
    SUM(`t0`.`fall`) OVER (
      PARTITION BY `t0`.`account`
      ORDER BY `t0`.`starts` ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS `fallen`,
    SUM(`t0`.`gain`) OVER (
      PARTITION BY `t0`.`account`, `t0`.`level_period`
      ORDER BY `t0`.`starts` ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) + 0 AS `total_end`
  FROM `segment_falls` AS `t0`
),

-- segments with the total at their beginning, and of the period before
`segment_bounds` AS (
  SELECT
    `t0`.`account`,
    `t0`.`set_no`,
    `t0`.`signed_up_on`,
    `t0`.`first_day`,
    `t0`.`level_period`,
    `t0`.`period_start`,
    `t0`.`period_end`,
    `t0`.`edition`,
    `t0`.`era`,
    `t0`.`version`,
    `t0`.`starts_on`,
    `t0`.`ends_on`,
    `t0`.`one_level`,
    `t0`.`level_count`,
    `t0`.`threshold_0`,
    `t0`.`threshold_1`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`gain`,
    `t0`.`is_opening`,
    `t0`.`is_reset`,
    `t0`.`fall`,
    `t0`.`gained`,
    `t0`.`fallen`,
    `t0`.`total_end`,
    COALESCE(
      LAG(`t0`.`total_end`) OVER (PARTITION BY `t0`.`account` ORDER BY `t0`.`starts` ASC),
      0
    ) AS `closing`,
    `t0`.`total_end` - `t0`.`gain` AS `total_start`,
    `t0`.`gained` - `t0`.`gain` AS `gained_before`
  FROM `segment_totals` AS `t0`
),

-- segments with the ranks that their totals reach
`segment_ranks` AS (
  SELECT
    `t1`.`account`,
    `t1`.`set_no`,
    `t1`.`signed_up_on`,
    `t1`.`first_day`,
    `t1`.`level_period`,
    `t1`.`period_start`,
    `t1`.`period_end`,
    `t1`.`edition`,
    `t1`.`era`,
    `t1`.`version`,
    `t1`.`starts_on`,
    `t1`.`ends_on`,
    `t1`.`one_level`,
    `t1`.`level_count`,
    `t1`.`threshold_0`,
    `t1`.`threshold_1`,
    `t1`.`starts`,
    `t1`.`ends`,
    `t1`.`gain`,
    `t1`.`is_opening`,
    `t1`.`is_reset`,
    `t1`.`fall`,
    `t1`.`gained`,
    `t1`.`fallen`,
    `t1`.`total_end`,
    `t1`.`closing`,
    `t1`.`total_start`,
    `t1`.`gained_before`,
    `t1`.`earned_at_start`,
    `t1`.`earned_at_end`,
    `t1`.`earned_at_peak`,
    `t1`.`earned_at_close`,
    GREATEST(`t1`.`earned_at_peak`, `t1`.`earned_at_close`) AS `best`
  FROM (
    SELECT
      `t0`.`account`,
      `t0`.`set_no`,
      `t0`.`signed_up_on`,
      `t0`.`first_day`,
      `t0`.`level_period`,
      `t0`.`period_start`,
      `t0`.`period_end`,
      `t0`.`edition`,
      `t0`.`era`,
      `t0`.`version`,
      `t0`.`starts_on`,
      `t0`.`ends_on`,
      `t0`.`one_level`,
      `t0`.`level_count`,
      `t0`.`threshold_0`,
      `t0`.`threshold_1`,
      `t0`.`starts`,
      `t0`.`ends`,
      `t0`.`gain`,
      `t0`.`is_opening`,
      `t0`.`is_reset`,
      `t0`.`fall`,
      `t0`.`gained`,
      `t0`.`fallen`,
      `t0`.`total_end`,
      `t0`.`closing`,
      `t0`.`total_start`,
      `t0`.`gained_before`,
      -1 + IF(
        (
          `t0`.`total_start` >= `t0`.`threshold_0`
        ) AND (
          `t0`.`level_count` > 0
        ),
        1,
        0
      ) + IF(
        (
          `t0`.`total_start` >= `t0`.`threshold_1`
        ) AND (
          `t0`.`level_count` > 1
        ),
        1,
        0
      ) AS `earned_at_start`,
      -1 + IF((
        `t0`.`total_end` >= `t0`.`threshold_0`
      ) AND (
        `t0`.`level_count` > 0
      ), 1, 0) + IF((
        `t0`.`total_end` >= `t0`.`threshold_1`
      ) AND (
        `t0`.`level_count` > 1
      ), 1, 0) AS `earned_at_end`,
      -1 + IF(
        (
          (
            `t0`.`total_start` + GREATEST(`t0`.`gain`, 0)
          ) >= `t0`.`threshold_0`
        )
        AND (
          `t0`.`level_count` > 0
        ),
        1,
        0
      ) + IF(
        (
          (
            `t0`.`total_start` + GREATEST(`t0`.`gain`, 0)
          ) >= `t0`.`threshold_1`
        )
        AND (
          `t0`.`level_count` > 1
        ),
        1,
        0
      ) AS `earned_at_peak`,
      IF(
        `t0`.`is_reset`,
        -1 + IF((
          `t0`.`closing` >= `t0`.`threshold_0`
        ) AND (
          `t0`.`level_count` > 0
        ), 1, 0) + IF((
          `t0`.`closing` >= `t0`.`threshold_1`
        ) AND (
          `t0`.`level_count` > 1
        ), 1, 0),
        -1
      ) AS `earned_at_close`
    FROM `segment_bounds` AS `t0`
  ) AS `t1`
),

-- and the highest rank so far with the falls since put back
`segment_heights` AS (
  SELECT
    `t0`.`account`,
    `t0`.`set_no`,
    `t0`.`signed_up_on`,
    `t0`.`first_day`,
    `t0`.`level_period`,
    `t0`.`period_start`,
    `t0`.`period_end`,
    `t0`.`edition`,
    `t0`.`era`,
    `t0`.`version`,
    `t0`.`starts_on`,
    `t0`.`ends_on`,
    `t0`.`one_level`,
    `t0`.`level_count`,
    `t0`.`threshold_0`,
    `t0`.`threshold_1`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`gain`,
    `t0`.`is_opening`,
    `t0`.`is_reset`,
    `t0`.`fall`,
    `t0`.`gained`,
    `t0`.`fallen`,
    `t0`.`total_end`,
    `t0`.`closing`,
    `t0`.`total_start`,
    `t0`.`gained_before`,
    `t0`.`earned_at_start`,
    `t0`.`earned_at_end`,
    `t0`.`earned_at_peak`,
    `t0`.`earned_at_close`,
    `t0`.`best`,
    MAX(`t0`.`best` + `t0`.`fallen`) OVER (
      PARTITION BY `t0`.`account`
      ORDER BY `t0`.`starts` ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS `height`
  FROM `segment_ranks` AS `t0`
),

-- and the rank held at its end
`segment_ends` AS (
  SELECT
    `t0`.`account`,
    `t0`.`set_no`,
    `t0`.`signed_up_on`,
    `t0`.`first_day`,
    `t0`.`level_period`,
    `t0`.`period_start`,
    `t0`.`period_end`,
    `t0`.`edition`,
    `t0`.`era`,
    `t0`.`version`,
    `t0`.`starts_on`,
    `t0`.`ends_on`,
    `t0`.`one_level`,
    `t0`.`level_count`,
    `t0`.`threshold_0`,
    `t0`.`threshold_1`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`gain`,
    `t0`.`is_opening`,
    `t0`.`is_reset`,
    `t0`.`fall`,
    `t0`.`gained`,
    `t0`.`fallen`,
    `t0`.`total_end`,
    `t0`.`closing`,
    `t0`.`total_start`,
    `t0`.`gained_before`,
    `t0`.`earned_at_start`,
    `t0`.`earned_at_end`,
    `t0`.`earned_at_peak`,
    `t0`.`earned_at_close`,
    `t0`.`best`,
    `t0`.`height`,
    `t0`.`height` - `t0`.`fallen` AS `end_rank`
  FROM `segment_heights` AS `t0`
),

-- and with the rank held before each segment
`segments_after` AS (
  SELECT
    `t0`.`account`,
    `t0`.`set_no`,
    `t0`.`signed_up_on`,
    `t0`.`first_day`,
    `t0`.`level_period`,
    `t0`.`period_start`,
    `t0`.`period_end`,
    `t0`.`edition`,
    `t0`.`era`,
    `t0`.`version`,
    `t0`.`starts_on`,
    `t0`.`ends_on`,
    `t0`.`one_level`,
    `t0`.`level_count`,
    `t0`.`threshold_0`,
    `t0`.`threshold_1`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`gain`,
    `t0`.`is_opening`,
    `t0`.`is_reset`,
    `t0`.`fall`,
    `t0`.`gained`,
    `t0`.`fallen`,
    `t0`.`total_end`,
    `t0`.`closing`,
    `t0`.`total_start`,
    `t0`.`gained_before`,
    `t0`.`earned_at_start`,
    `t0`.`earned_at_end`,
    `t0`.`earned_at_peak`,
    `t0`.`earned_at_close`,
    `t0`.`best`,
    `t0`.`height`,
    `t0`.`end_rank`,
    COALESCE(
      LAG(`t0`.`end_rank`) OVER (PARTITION BY `t0`.`account` ORDER BY `t0`.`starts` ASC),
      -1
    ) AS `rank_before`,
    COALESCE(
      LAG(`t0`.`edition`) OVER (PARTITION BY `t0`.`account` ORDER BY `t0`.`starts` ASC),
      -1
    ) AS `edition_before`,
    COALESCE(LAG(`t0`.`era`) OVER (PARTITION BY `t0`.`account` ORDER BY `t0`.`starts` ASC), 0) AS `era_before`
  FROM `segment_ends` AS `t0`
),

-- and what that rank counts as in the segment's edition
`counted_ranks` AS (
  SELECT
    `t0`.`account`,
    `t0`.`set_no`,
    `t0`.`signed_up_on`,
    `t0`.`first_day`,
    `t0`.`level_period`,
    `t0`.`period_start`,
    `t0`.`period_end`,
    `t0`.`edition`,
    `t0`.`era`,
    `t0`.`version`,
    `t0`.`starts_on`,
    `t0`.`ends_on`,
    `t0`.`one_level`,
    `t0`.`level_count`,
    `t0`.`threshold_0`,
    `t0`.`threshold_1`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`gain`,
    `t0`.`is_opening`,
    `t0`.`is_reset`,
    `t0`.`fall`,
    `t0`.`gained`,
    `t0`.`fallen`,
    `t0`.`total_end`,
    `t0`.`closing`,
    `t0`.`total_start`,
    `t0`.`gained_before`,
    `t0`.`earned_at_start`,
    `t0`.`earned_at_end`,
    `t0`.`earned_at_peak`,
    `t0`.`earned_at_close`,
    `t0`.`best`,
    `t0`.`height`,
    `t0`.`end_rank`,
    `t0`.`rank_before`,
    `t0`.`edition_before`,
    `t0`.`era_before`,
    `t0`.`rank_before` AS `counted`
  FROM `segments_after` AS `t0`
),

-- and what is carried into the segment
`carried_ranks` AS (
  SELECT
    `t0`.`account`,
    `t0`.`set_no`,
    `t0`.`signed_up_on`,
    `t0`.`first_day`,
    `t0`.`level_period`,
    `t0`.`period_start`,
    `t0`.`period_end`,
    `t0`.`edition`,
    `t0`.`era`,
    `t0`.`version`,
    `t0`.`starts_on`,
    `t0`.`ends_on`,
    `t0`.`one_level`,
    `t0`.`level_count`,
    `t0`.`threshold_0`,
    `t0`.`threshold_1`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`gain`,
    `t0`.`is_opening`,
    `t0`.`is_reset`,
    `t0`.`fall`,
    `t0`.`gained`,
    `t0`.`fallen`,
    `t0`.`total_end`,
    `t0`.`closing`,
    `t0`.`total_start`,
    `t0`.`gained_before`,
    `t0`.`earned_at_start`,
    `t0`.`earned_at_end`,
    `t0`.`earned_at_peak`,
    `t0`.`earned_at_close`,
    `t0`.`best`,
    `t0`.`height`,
    `t0`.`end_rank`,
    `t0`.`rank_before`,
    `t0`.`edition_before`,
    `t0`.`era_before`,
    `t0`.`counted`,
    CASE
      WHEN NOT (
        `t0`.`is_reset`
      )
      THEN `t0`.`counted`
      WHEN `t0`.`one_level`
      THEN GREATEST(`t0`.`earned_at_close`, `t0`.`counted` - 1)
      ELSE `t0`.`earned_at_close`
    END AS `carried`
  FROM `counted_ranks` AS `t0`
),

-- segments with their totals, and the ranks before, carried into, at the start and at the end
`levels` AS (
  SELECT
    `t0`.`account`,
    CAST(`t0`.`edition` AS INT64) AS `edition`,
    `t0`.`level_period`,
    `t0`.`set_no`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`is_opening`,
    `t0`.`is_reset`,
    `t0`.`total_start`,
    `t0`.`total_end`,
    `t0`.`gained_before`,
    `t0`.`edition_before`,
    `t0`.`rank_before`,
    `t0`.`counted`,
    `t0`.`carried`,
    GREATEST(`t0`.`carried`, `t0`.`earned_at_start`) AS `start_rank`,
    `t0`.`end_rank`,
    `t0`.`earned_at_end`
  FROM `carried_ranks` AS `t0`
),

-- every event with the level balance's total
`totalled` AS (
  SELECT
    `t7`.`member_no`,
    `t7`.`place`,
    `t7`.`event_id`,
    `t7`.`local`,
    `t7`.`activity`,
    `t7`.`account`,
    `t7`.`edition`,
    `t7`.`level_period`,
    `t7`.`period`,
    `t7`.`balance_no`,
    `t7`.`requested`,
    `t7`.`awarded`,
    `t7`.`outcome`,
    `t7`.`is_ignored`,
    `t7`.`is_assumed`,
    `t7`.`gained`,
    `t7`.`own_total`,
    CAST(COALESCE(`t7`.`start_rank`, -1) AS INT64) AS `start_rank`,
    `t7`.`moved`,
    COALESCE(`t7`.`gained` + `t7`.`moved`, 0) AS `level_total`
  FROM (
    SELECT
      `t6`.*
      EXCEPT (`account_right`, `edition_right`, `level_period_right`)
    FROM (
      SELECT
        `t5`.`member_no`,
        `t5`.`place`,
        `t5`.`event_id`,
        `t5`.`local`,
        `t5`.`activity`,
        `t5`.`account`,
        `t5`.`edition`,
        `t5`.`level_period`,
        `t5`.`period`,
        `t5`.`balance_no`,
        `t5`.`requested`,
        `t5`.`awarded`,
        `t5`.`outcome`,
        `t5`.`is_ignored`,
        `t5`.`is_assumed`,
        `t5`.`gained`,
        `t5`.`own_total`,
        `t4`.`account` AS `account_right`,
        `t4`.`edition` AS `edition_right`,
        `t4`.`level_period` AS `level_period_right`,
        `t4`.`start_rank`,
        `t4`.`moved`
      FROM (
        SELECT
          `t0`.`member_no`,
          `t0`.`place`,
          `t0`.`event_id`,
          `t0`.`local`,
          `t0`.`activity`,
          `t0`.`member_no` AS `account`,
          `t0`.`version_index` AS `edition`,
          `t0`.`membership_year` AS `level_period`,
          CASE WHEN `t0`.`balance_no` = 0 THEN `t0`.`membership_year` ELSE 1 END AS `period`,
          `t0`.`balance_no`,
          `t0`.`requested`,
          `t0`.`awarded`,
          `t0`.`outcome`,
          `t0`.`is_ignored`,
          `t0`.`is_assumed`,
          `t0`.`gained`,
          `t0`.`own_total`
        FROM `summed_events` AS `t0`
      ) AS `t5`
      LEFT OUTER JOIN (
        SELECT
          `t1`.`account`,
          `t1`.`edition`,
          `t1`.`level_period`,
          `t1`.`start_rank`,
          `t1`.`total_start` - `t1`.`gained_before` AS `moved`
        FROM `levels` AS `t1`
        WHERE
          `t1`.`set_no` = 0
      ) AS `t4`
        ON `t5`.`account` = `t4`.`account`
        AND `t5`.`edition` = `t4`.`edition`
        AND `t5`.`level_period` = `t4`.`level_period`
    ) AS `t6`
  ) AS `t7`
),

-- and with the rank held before and after
`ranked_events` AS (
  SELECT
    `t0`.`member_no`,
    `t0`.`place`,
    `t0`.`event_id`,
    `t0`.`local`,
    `t0`.`activity`,
    `t0`.`account`,
    `t0`.`edition`,
    `t0`.`balance_no`,
    `t0`.`requested`,
    `t0`.`awarded`,
    `t0`.`outcome`,
    `t0`.`is_assumed`,
    `t0`.`is_ignored`,
    `t0`.`period`,
    IF(`t0`.`balance_no` = 0, `t0`.`level_total`, `t0`.`own_total`) AS `total`,
    GREATEST(
      `t0`.`start_rank`,
      CAST(COALESCE(
        CASE
          WHEN `t0`.`edition` IN (0)
          THEN -1 + IF(`t0`.`level_total` >= 100, 1, 0) + IF(`t0`.`level_total` >= 300, 1, 0)
          WHEN `t0`.`edition` IN (1)
          THEN -1 + IF(`t0`.`level_total` >= 100, 1, 0) + IF(`t0`.`level_total` >= 250, 1, 0)
          ELSE NULL
        END,
        -1
      ) AS INT64)
    ) AS `rank`,
    GREATEST(
      `t0`.`start_rank`,
      CAST(COALESCE(
        CASE
          WHEN `t0`.`edition` IN (0)
          THEN -1 + IF((
            `t0`.`level_total` - IF(`t0`.`balance_no` = 0, `t0`.`awarded`, 0)
          ) >= 100, 1, 0) + IF((
            `t0`.`level_total` - IF(`t0`.`balance_no` = 0, `t0`.`awarded`, 0)
          ) >= 300, 1, 0)
          WHEN `t0`.`edition` IN (1)
          THEN -1 + IF((
            `t0`.`level_total` - IF(`t0`.`balance_no` = 0, `t0`.`awarded`, 0)
          ) >= 100, 1, 0) + IF((
            `t0`.`level_total` - IF(`t0`.`balance_no` = 0, `t0`.`awarded`, 0)
          ) >= 250, 1, 0)
          ELSE NULL
        END,
        -1
      ) AS INT64)
    ) AS `rank_before`
  FROM `totalled` AS `t0`
),

-- the ledger
`ledger` AS (
  SELECT
    `t6`.`account`,
    `t6`.`place`,
    `t6`.`event_id`,
    `t6`.`member_id`,
    `t6`.`activity`,
    `t6`.`local` AS `occurred_at`,
    CASE
      WHEN `t6`.`edition` IN (0)
      THEN '2024'
      WHEN `t6`.`edition` IN (1)
      THEN '2025'
      ELSE NULL
    END AS `version`,
    CASE WHEN `t6`.`balance_no` = 0 THEN 'stars' ELSE 'coins' END AS `balance`,
    `t6`.`requested`,
    `t6`.`awarded`,
    CASE
      WHEN `t6`.`outcome` = 0
      THEN 'awarded'
      WHEN `t6`.`outcome` = 1
      THEN 'reduced'
      WHEN `t6`.`outcome` = 2
      THEN 'capped'
      WHEN `t6`.`outcome` = 3
      THEN 'unvalued'
      WHEN `t6`.`outcome` = 4
      THEN 'not_comparable'
      WHEN `t6`.`outcome` = 5
      THEN 'out_of_range'
      WHEN `t6`.`outcome` = 6
      THEN 'missing_attribute'
      WHEN `t6`.`outcome` = 7
      THEN 'not_eligible'
      WHEN `t6`.`outcome` = 8
      THEN 'insufficient_balance'
      WHEN `t6`.`outcome` = 9
      THEN 'no_such_activity'
      WHEN `t6`.`outcome` = 10
      THEN 'before_sign_up'
      WHEN `t6`.`outcome` = 11
      THEN 'no_version_in_force'
      ELSE NULL
    END AS `outcome`,
    `t6`.`is_assumed` AS `assumed`,
    IF(`t6`.`outcome` <> 10, `t6`.`period`, CAST(NULL AS INT64)) AS `period`,
    IF(`t6`.`outcome` <> 10, `t6`.`total`, CAST(NULL AS INT64)) AS `total`,
    IF(
      `t6`.`outcome` <> 10,
      CASE
        WHEN `t6`.`edition` IN (0, 1)
        THEN CASE
          WHEN `t6`.`rank` = 0
          THEN 'bronze'
          WHEN `t6`.`rank` = 1
          THEN 'silver'
          ELSE NULL
        END
        ELSE NULL
      END,
      CAST(NULL AS STRING)
    ) AS `level`,
    `t6`.`is_ignored`
  FROM (
    SELECT
      `t5`.*
      EXCEPT (`rank_before`)
    FROM (
      SELECT
        `t2`.`member_no`,
        `t2`.`place`,
        `t2`.`event_id`,
        `t2`.`local`,
        `t2`.`activity`,
        `t2`.`account`,
        `t2`.`edition`,
        `t2`.`balance_no`,
        `t2`.`requested`,
        `t2`.`awarded`,
        `t2`.`outcome`,
        `t2`.`is_assumed`,
        `t2`.`is_ignored`,
        `t2`.`period`,
        `t2`.`total`,
        `t2`.`rank`,
        `t2`.`rank_before`,
        `t4`.`member_id`
      FROM `ranked_events` AS `t2`
      INNER JOIN (
        SELECT
          `t1`.`member_no`,
          `t1`.`member_id`
        FROM `numbered_members` AS `t1`
      ) AS `t4`
        ON `t2`.`member_no` = `t4`.`member_no`
    ) AS `t5`
  ) AS `t6`
)

SELECT
  `event_id` AS `event_id`,
  `member_id` AS `member_id`,
  `activity` AS `activity`,
  `occurred_at` AS `occurred_at`,
  `version` AS `version`,
  `balance` AS `balance`,
  `requested` AS `requested`,
  `awarded` AS `awarded`,
  `outcome` AS `outcome`,
  `assumed` AS `assumed`,
  `period` AS `period`,
  `total` AS `total`,
  `level` AS `level`
FROM `ledger`
ORDER BY
  `ledger`.`account`,
  `ledger`.`place`
