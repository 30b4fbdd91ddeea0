-- dataminer-devops: ledger as of 2025-12-31, version 2024-03-13, as if it had always been in force.
--
-- Written by `pointbook sql` from the rules; change those, not this.
-- Reads `events` (member_id string, at timestamp(6), event_id string, local timestamp(6), activity string, points int64, a0_days int64, a1_released_on date)
-- and `members` (member_id string, signed_up_on date).
-- `at` is the time in UTC, `local` the same in Europe/Brussels, both without time zone.
WITH
-- the rules: a row for each activity of each version
`rules` AS (
  SELECT CAST(0 AS INT) AS `rule_no`, CAST(0 AS INT) AS `book`, CAST('qa.question' AS STRING) AS `activity`, CAST(0 AS INT) AS `balance_no`, CAST(1 AS INT) AS `form`, CAST(0 AS BIGINT) AS `amount`, CAST(3 AS INT) AS `amount_outcome`, CAST(FALSE AS BOOLEAN) AS `amount_assumed`, CAST(10 AS BIGINT) AS `lowest`, CAST(75 AS BIGINT) AS `highest`, CAST(10 AS BIGINT) AS `minimum`, CAST(65 AS BIGINT) AS `spread`, CAST(TRUE AS BOOLEAN) AS `is_assessed`, CAST(-1 AS INT) AS `quantity_no`, CAST(-1 AS INT) AS `eligible_no`, CAST(-1 AS INT) AS `sharers_no`, CAST(-1 AS INT) AS `bonus_0_no`, CAST(0 AS BIGINT) AS `bonus_0`, CAST(-1 AS INT) AS `cap_0_no`, CAST(0 AS INT) AS `cap_0_epoch`
  UNION ALL SELECT 1, 0, 'qa.answer', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 2, 0, 'qa.comment', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 3, 0, 'qa.best_answer', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 4, 0, 'qa.best_answer_picked', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 5, 0, 'qa.vote_cast', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 6, 0, 'qa.vote_received', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 7, 0, 'course.enrolled', 0, 1, 0, 3, FALSE, 10, 50, 25, 225, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 8, 0, 'course.completed', 0, 1, 0, 3, FALSE, 10, 50, 25, 225, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 9, 0, 'quiz.passed', 0, 1, 0, 3, FALSE, 10, 50, 25, 225, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 10, 0, 'certification.obtained', 0, 1, 0, 3, FALSE, 500, 1000, 500, 500, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 11, 0, 'blog.published', 0, 1, 0, 3, FALSE, 500, 1000, 500, 500, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 12, 0, 'use_case.published', 0, 1, 0, 3, FALSE, 250, 1000, 250, 2250, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 13, 0, 'email.job_title', 0, 0, 250, 0, FALSE, 0, 0, 0, 0, FALSE, -1, -1, -1, -1, 0, 0, 0
  UNION ALL SELECT 14, 0, 'linkedin.post', 0, 0, 50, 0, FALSE, 0, 0, 0, 0, FALSE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 15, 0, 'docs.typo', 0, 0, 25, 0, FALSE, 0, 0, 0, 0, FALSE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 16, 0, 'docs.missing_info', 0, 1, 0, 3, FALSE, 1, 300, 1, 299, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 17, 0, 'docs.delivered', 0, 1, 0, 3, FALSE, 1, 500, 1, 499, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 18, 0, 'docs.large', 0, 1, 0, 3, FALSE, 1, 1000, 1, 999, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 19, 0, 'feedback', 0, 0, 50, 0, FALSE, 0, 0, 0, 0, FALSE, -1, -1, -1, -1, 0, 1, 0
  UNION ALL SELECT 20, 0, 'linkedin.headline', 0, 0, 250, 0, FALSE, 0, 0, 0, 0, FALSE, -1, -1, -1, -1, 0, 2, 0
  UNION ALL SELECT 21, 0, 'mindset.nomination', 0, 1, 0, 3, FALSE, 100, 750, 100, 650, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 22, 0, 'training.attended', 0, 2, 250, 0, FALSE, 0, 0, 0, 0, FALSE, 0, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 23, 0, 'kata.completed', 0, 0, 75, 0, FALSE, 0, 0, 0, 0, FALSE, -1, -1, -1, 0, 75, -1, 0
  UNION ALL SELECT 24, 0, 'retro_recipe.published', 0, 1, 0, 3, FALSE, 500, 1000, 500, 500, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 25, 0, 'solution.published', 0, 1, 0, 3, FALSE, 250, 2500, 250, 2250, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 26, 0, 'credits.earned', 1, 1, 0, 3, FALSE, 1, 10000, 1, 9999, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 27, 0, 'credits.spent', 1, 1, 0, 3, FALSE, -10000, -1, -10000, 9999, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 28, 1, 'qa.question', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 29, 1, 'qa.answer', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 30, 1, 'qa.comment', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 31, 1, 'qa.best_answer', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 32, 1, 'qa.best_answer_picked', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 33, 1, 'qa.vote_cast', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 34, 1, 'qa.vote_received', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 35, 1, 'course.enrolled', 0, 1, 0, 3, FALSE, 10, 50, 25, 225, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 36, 1, 'course.completed', 0, 1, 0, 3, FALSE, 10, 50, 25, 225, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 37, 1, 'quiz.passed', 0, 1, 0, 3, FALSE, 10, 50, 25, 225, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 38, 1, 'certification.obtained', 0, 1, 0, 3, FALSE, 500, 1000, 500, 500, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 39, 1, 'blog.published', 0, 1, 0, 3, FALSE, 500, 1000, 500, 500, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 40, 1, 'use_case.published', 0, 1, 0, 3, FALSE, 250, 2500, 250, 2250, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 41, 1, 'email.job_title', 0, 0, 250, 0, FALSE, 0, 0, 0, 0, FALSE, -1, -1, -1, -1, 0, 0, 0
  UNION ALL SELECT 42, 1, 'linkedin.post', 0, 0, 50, 0, FALSE, 0, 0, 0, 0, FALSE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 43, 1, 'docs.typo', 0, 0, 25, 0, FALSE, 0, 0, 0, 0, FALSE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 44, 1, 'docs.missing_info', 0, 1, 0, 3, FALSE, 1, 300, 1, 299, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 45, 1, 'docs.delivered', 0, 1, 0, 3, FALSE, 1, 500, 1, 499, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 46, 1, 'docs.large', 0, 1, 0, 3, FALSE, 1, 1000, 1, 999, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 47, 1, 'feedback', 0, 0, 50, 0, FALSE, 0, 0, 0, 0, FALSE, -1, -1, -1, -1, 0, 1, 0
  UNION ALL SELECT 48, 1, 'linkedin.headline', 0, 0, 250, 0, FALSE, 0, 0, 0, 0, FALSE, -1, -1, -1, -1, 0, 2, 0
  UNION ALL SELECT 49, 1, 'mindset.nomination', 0, 1, 0, 3, FALSE, 100, 750, 100, 650, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 50, 1, 'training.attended', 0, 2, 250, 0, FALSE, 0, 0, 0, 0, FALSE, 0, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 51, 1, 'kata.completed', 0, 0, 75, 0, FALSE, 0, 0, 0, 0, FALSE, -1, -1, -1, 0, 75, -1, 0
  UNION ALL SELECT 52, 1, 'retro_recipe.published', 0, 1, 0, 3, FALSE, 500, 1000, 500, 500, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 53, 1, 'solution.published', 0, 1, 0, 3, FALSE, 250, 2500, 250, 2250, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 54, 1, 'credits.earned', 1, 1, 0, 3, FALSE, 1, 10000, 1, 9999, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 55, 1, 'credits.spent', 1, 1, 0, 3, FALSE, -10000, -1, -10000, 9999, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 56, 2, 'qa.question', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 57, 2, 'qa.answer', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 58, 2, 'qa.comment', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 59, 2, 'qa.best_answer', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 60, 2, 'qa.best_answer_picked', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 61, 2, 'qa.vote_cast', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 62, 2, 'qa.vote_received', 0, 1, 0, 3, FALSE, 10, 75, 10, 65, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 63, 2, 'course.enrolled', 0, 1, 0, 3, FALSE, 25, 250, 25, 225, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 64, 2, 'course.completed', 0, 1, 0, 3, FALSE, 25, 250, 25, 225, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 65, 2, 'quiz.passed', 0, 1, 0, 3, FALSE, 25, 250, 25, 225, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 66, 2, 'certification.obtained', 0, 1, 0, 3, FALSE, 500, 1000, 500, 500, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 67, 2, 'blog.published', 0, 1, 0, 3, FALSE, 500, 1000, 500, 500, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 68, 2, 'use_case.published', 0, 1, 0, 3, FALSE, 250, 2500, 250, 2250, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 69, 2, 'email.job_title', 0, 0, 250, 0, FALSE, 0, 0, 0, 0, FALSE, -1, -1, -1, -1, 0, 0, 0
  UNION ALL SELECT 70, 2, 'linkedin.post', 0, 0, 50, 0, FALSE, 0, 0, 0, 0, FALSE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 71, 2, 'docs.typo', 0, 0, 25, 0, FALSE, 0, 0, 0, 0, FALSE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 72, 2, 'docs.missing_info', 0, 1, 0, 3, FALSE, 1, 300, 1, 299, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 73, 2, 'docs.delivered', 0, 1, 0, 3, FALSE, 1, 500, 1, 499, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 74, 2, 'docs.large', 0, 1, 0, 3, FALSE, 1, 1000, 1, 999, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 75, 2, 'feedback', 0, 0, 50, 0, FALSE, 0, 0, 0, 0, FALSE, -1, -1, -1, -1, 0, 1, 0
  UNION ALL SELECT 76, 2, 'linkedin.headline', 0, 0, 250, 0, FALSE, 0, 0, 0, 0, FALSE, -1, -1, -1, -1, 0, 2, 0
  UNION ALL SELECT 77, 2, 'mindset.nomination', 0, 1, 0, 3, FALSE, 100, 750, 100, 650, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 78, 2, 'training.attended', 0, 2, 250, 0, FALSE, 0, 0, 0, 0, FALSE, 0, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 79, 2, 'kata.completed', 0, 0, 75, 0, FALSE, 0, 0, 0, 0, FALSE, -1, -1, -1, 0, 75, -1, 0
  UNION ALL SELECT 80, 2, 'retro_recipe.published', 0, 1, 0, 3, FALSE, 500, 1000, 500, 500, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 81, 2, 'solution.published', 0, 1, 0, 3, FALSE, 250, 2500, 250, 2250, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 82, 2, 'credits.earned', 1, 1, 0, 3, FALSE, 1, 10000, 1, 9999, TRUE, -1, -1, -1, -1, 0, -1, 0
  UNION ALL SELECT 83, 2, 'credits.spent', 1, 1, 0, 3, FALSE, -10000, -1, -10000, 9999, TRUE, -1, -1, -1, -1, 0, -1, 0
),

-- the caps that activities meet, with the limits they have had
`caps` AS (
  SELECT CAST(0 AS INT) AS `cap_no`, CAST('times' AS STRING) AS `kind`, CAST('membership_year' AS STRING) AS `per`, CAST(1 AS BIGINT) AS `limit_0`
  UNION ALL SELECT 1, 'points', 'calendar_month', 100
  UNION ALL SELECT 2, 'times', 'membership_year', 1
),

-- the versions, with their days and thresholds
`editions` AS (
  SELECT CAST(0 AS INT) AS `edition`, CAST(0 AS INT) AS `set_no`, CAST(0 AS INT) AS `era`, CAST('2024-03-13' AS STRING) AS `version`, CAST('1000-01-01' AS DATE) AS `starts_on`, CAST('9999-12-31' AS DATE) AS `ends_on`, CAST(FALSE AS BOOLEAN) AS `one_level`, CAST(3 AS INT) AS `level_count`, CAST(750 AS BIGINT) AS `threshold_0`, CAST(5000 AS BIGINT) AS `threshold_1`, CAST(15000 AS BIGINT) AS `threshold_2`
),

-- numbers from 0, to count periods with
`numbers` AS (
  SELECT CAST(0 AS INT) AS `number`
  UNION ALL SELECT 1
  UNION ALL SELECT 2
  UNION ALL SELECT 3
  UNION ALL SELECT 4
  UNION ALL SELECT 5
  UNION ALL SELECT 6
  UNION ALL SELECT 7
  UNION ALL SELECT 8
  UNION ALL SELECT 9
  UNION ALL SELECT 10
  UNION ALL SELECT 11
  UNION ALL SELECT 12
  UNION ALL SELECT 13
  UNION ALL SELECT 14
  UNION ALL SELECT 15
  UNION ALL SELECT 16
  UNION ALL SELECT 17
  UNION ALL SELECT 18
  UNION ALL SELECT 19
  UNION ALL SELECT 20
  UNION ALL SELECT 21
  UNION ALL SELECT 22
  UNION ALL SELECT 23
  UNION ALL SELECT 24
  UNION ALL SELECT 25
  UNION ALL SELECT 26
  UNION ALL SELECT 27
  UNION ALL SELECT 28
  UNION ALL SELECT 29
  UNION ALL SELECT 30
  UNION ALL SELECT 31
  UNION ALL SELECT 32
  UNION ALL SELECT 33
  UNION ALL SELECT 34
  UNION ALL SELECT 35
  UNION ALL SELECT 36
  UNION ALL SELECT 37
  UNION ALL SELECT 38
  UNION ALL SELECT 39
  UNION ALL SELECT 40
  UNION ALL SELECT 41
  UNION ALL SELECT 42
  UNION ALL SELECT 43
  UNION ALL SELECT 44
  UNION ALL SELECT 45
  UNION ALL SELECT 46
  UNION ALL SELECT 47
  UNION ALL SELECT 48
  UNION ALL SELECT 49
  UNION ALL SELECT 50
  UNION ALL SELECT 51
  UNION ALL SELECT 52
  UNION ALL SELECT 53
  UNION ALL SELECT 54
  UNION ALL SELECT 55
  UNION ALL SELECT 56
  UNION ALL SELECT 57
  UNION ALL SELECT 58
  UNION ALL SELECT 59
  UNION ALL SELECT 60
  UNION ALL SELECT 61
  UNION ALL SELECT 62
  UNION ALL SELECT 63
  UNION ALL SELECT 64
  UNION ALL SELECT 65
  UNION ALL SELECT 66
  UNION ALL SELECT 67
  UNION ALL SELECT 68
  UNION ALL SELECT 69
  UNION ALL SELECT 70
  UNION ALL SELECT 71
  UNION ALL SELECT 72
  UNION ALL SELECT 73
  UNION ALL SELECT 74
  UNION ALL SELECT 75
  UNION ALL SELECT 76
  UNION ALL SELECT 77
  UNION ALL SELECT 78
  UNION ALL SELECT 79
  UNION ALL SELECT 80
  UNION ALL SELECT 81
  UNION ALL SELECT 82
  UNION ALL SELECT 83
  UNION ALL SELECT 84
  UNION ALL SELECT 85
  UNION ALL SELECT 86
  UNION ALL SELECT 87
  UNION ALL SELECT 88
  UNION ALL SELECT 89
  UNION ALL SELECT 90
  UNION ALL SELECT 91
  UNION ALL SELECT 92
  UNION ALL SELECT 93
  UNION ALL SELECT 94
  UNION ALL SELECT 95
  UNION ALL SELECT 96
  UNION ALL SELECT 97
  UNION ALL SELECT 98
  UNION ALL SELECT 99
  UNION ALL SELECT 100
  UNION ALL SELECT 101
  UNION ALL SELECT 102
  UNION ALL SELECT 103
  UNION ALL SELECT 104
  UNION ALL SELECT 105
  UNION ALL SELECT 106
  UNION ALL SELECT 107
  UNION ALL SELECT 108
  UNION ALL SELECT 109
  UNION ALL SELECT 110
  UNION ALL SELECT 111
  UNION ALL SELECT 112
  UNION ALL SELECT 113
  UNION ALL SELECT 114
  UNION ALL SELECT 115
  UNION ALL SELECT 116
  UNION ALL SELECT 117
  UNION ALL SELECT 118
  UNION ALL SELECT 119
  UNION ALL SELECT 120
  UNION ALL SELECT 121
  UNION ALL SELECT 122
  UNION ALL SELECT 123
  UNION ALL SELECT 124
  UNION ALL SELECT 125
  UNION ALL SELECT 126
),

-- the levels of each version by rank, -1 being none
`ladder` AS (
  SELECT CAST(0 AS INT) AS `edition`, CAST(-1 AS INT) AS `rank`, CAST('' AS STRING) AS `level`, CAST(0 AS BIGINT) AS `threshold`, CAST('advocate' AS STRING) AS `next_level`, CAST(750 AS BIGINT) AS `next_threshold`, CAST('' AS STRING) AS `benefits`
  UNION ALL SELECT 0, 0, 'advocate', 750, 'enabler', 5000, 'credit_conversion;priority_support'
  UNION ALL SELECT 0, 1, 'enabler', 5000, 'catalyst', 15000, 'credit_conversion;evolve_support_plan;exclusive_content;priority_support'
  UNION ALL SELECT 0, 2, 'catalyst', 15000, '', 0, 'credit_conversion;developer_reviews;evolve_support_plan;exclusive_content;personal_licences;priority_support'
),

-- members in the order of their ids, numbered from 0
`numbered_members` AS (
  SELECT
    `t0`.`member_id`,
    `t0`.`signed_up_on`,
    CAST((
      ROW_NUMBER() OVER (ORDER BY `t0`.`member_id` ASC NULLS LAST) - 1
    ) * 1 AS INT) AS `first_account`,
    CAST(EXTRACT(year FROM `t0`.`signed_up_on`) AS BIGINT) AS `signed_up_year`,
    (
      EXTRACT(month FROM `t0`.`signed_up_on`) * 100
    ) + EXTRACT(day FROM `t0`.`signed_up_on`) AS `signed_up_day`
  FROM `members` AS `t0`
),

-- one row for each member under each choice of versions
`accounts` AS (
  SELECT
    `t1`.`member_id`,
    `t1`.`signed_up_on`,
    `t1`.`signed_up_year`,
    `t1`.`signed_up_day`,
    `t1`.`account`,
    `t1`.`set_no`
  FROM (
    SELECT
      `t0`.`member_id`,
      `t0`.`signed_up_on`,
      `t0`.`first_account`,
      `t0`.`signed_up_year`,
      `t0`.`signed_up_day`,
      `t0`.`first_account` + 0 AS `account`,
      0 AS `set_no`
    FROM `numbered_members` AS `t0`
  ) AS `t1`
),

-- events up to the as-of date, each with its member's account
`counted_events` AS (
  SELECT
    `t6`.`at`,
    `t6`.`event_id`,
    `t6`.`local`,
    `t6`.`activity`,
    `t6`.`points`,
    `t6`.`a0_days`,
    `t6`.`a1_released_on`,
    `t6`.`day`,
    `t6`.`signed_up_on`,
    `t6`.`signed_up_year`,
    `t6`.`signed_up_day`,
    `t6`.`account`,
    `t6`.`set_no`,
    CAST(EXTRACT(year FROM `t6`.`day`) AS BIGINT) AS `year`,
    (
      EXTRACT(month FROM `t6`.`day`) * 100
    ) + EXTRACT(day FROM `t6`.`day`) AS `day_of_year`,
    CASE
      WHEN `t6`.`day` >= MAKE_DATE(2024, 3, 13)
      THEN 2
      WHEN `t6`.`day` >= MAKE_DATE(2023, 10, 10)
      THEN 1
      WHEN `t6`.`day` >= MAKE_DATE(2022, 11, 24)
      THEN 0
      ELSE -1
    END AS `version_index`,
    `t6`.`day` < `t6`.`signed_up_on` AS `is_before_sign_up`
  FROM (
    SELECT
      `t5`.`at`,
      `t5`.`event_id`,
      `t5`.`local`,
      `t5`.`activity`,
      `t5`.`points`,
      `t5`.`a0_days`,
      `t5`.`a1_released_on`,
      `t5`.`day`,
      `t5`.`signed_up_on`,
      `t5`.`signed_up_year`,
      `t5`.`signed_up_day`,
      `t5`.`account`,
      `t5`.`set_no`
    FROM (
      SELECT
        `t4`.`member_id`,
        `t4`.`at`,
        `t4`.`event_id`,
        `t4`.`local`,
        `t4`.`activity`,
        `t4`.`points`,
        `t4`.`a0_days`,
        `t4`.`a1_released_on`,
        `t4`.`day`,
        `t2`.`signed_up_on`,
        `t2`.`signed_up_year`,
        `t2`.`signed_up_day`,
        `t2`.`account`,
        `t2`.`set_no`
      FROM (
        SELECT
          `t0`.`member_id`,
          `t0`.`at`,
          `t0`.`event_id`,
          `t0`.`local`,
          `t0`.`activity`,
          `t0`.`points`,
          `t0`.`a0_days`,
          `t0`.`a1_released_on`,
          CAST(`t0`.`local` AS DATE) AS `day`
        FROM `events` AS `t0`
        WHERE
          CAST(`t0`.`local` AS DATE) <= MAKE_DATE(2025, 12, 31)
      ) AS `t4`
      INNER JOIN `accounts` AS `t2`
        ON `t4`.`member_id` = `t2`.`member_id`
    ) AS `t5`
  ) AS `t6`
),

-- and with the version that values it (edition) and that of its date (book)
`dated_events` AS (
  SELECT
    `t1`.`at`,
    `t1`.`event_id`,
    `t1`.`local`,
    `t1`.`activity`,
    `t1`.`points`,
    `t1`.`a0_days`,
    `t1`.`a1_released_on`,
    `t1`.`day`,
    `t1`.`account`,
    `t1`.`year`,
    `t1`.`is_before_sign_up`,
    `t1`.`membership_year`,
    `t1`.`edition`,
    `t1`.`book`
  FROM (
    SELECT
      `t0`.`at`,
      `t0`.`event_id`,
      `t0`.`local`,
      `t0`.`activity`,
      `t0`.`points`,
      `t0`.`a0_days`,
      `t0`.`a1_released_on`,
      `t0`.`day`,
      `t0`.`signed_up_on`,
      `t0`.`signed_up_year`,
      `t0`.`signed_up_day`,
      `t0`.`account`,
      `t0`.`set_no`,
      `t0`.`year`,
      `t0`.`day_of_year`,
      `t0`.`version_index`,
      `t0`.`is_before_sign_up`,
      (
        `t0`.`year` - `t0`.`signed_up_year`
      ) + IF(
        `t0`.`day_of_year` >= IF(
          (
            `t0`.`signed_up_day` = 229
          )
          AND NOT (
            (
              (
                `t0`.`year` % 4
              ) = 0
            )
            AND (
              (
                (
                  `t0`.`year` % 100
                ) <> 0
              ) OR (
                (
                  `t0`.`year` % 400
                ) = 0
              )
            )
          ),
          228,
          `t0`.`signed_up_day`
        ),
        1,
        0
      ) AS `membership_year`,
      0 AS `edition`,
      GREATEST(`t0`.`version_index`, 0) + 0 AS `book`
    FROM `counted_events` AS `t0`
  ) AS `t1`
),

-- events with their activity's rule, where the version has one
`ruled_events` AS (
  SELECT
    `t4`.`at`,
    `t4`.`event_id`,
    `t4`.`local`,
    `t4`.`activity`,
    `t4`.`points`,
    `t4`.`a0_days`,
    `t4`.`a1_released_on`,
    `t4`.`day`,
    `t4`.`account`,
    `t4`.`year`,
    `t4`.`is_before_sign_up`,
    `t4`.`membership_year`,
    `t4`.`edition`,
    `t4`.`book`,
    `t4`.`rule_no`,
    `t4`.`balance_no`,
    `t4`.`form`,
    `t4`.`amount`,
    `t4`.`amount_outcome`,
    `t4`.`amount_assumed`,
    `t4`.`lowest`,
    `t4`.`highest`,
    `t4`.`minimum`,
    `t4`.`spread`,
    `t4`.`is_assessed`,
    `t4`.`quantity_no`,
    `t4`.`eligible_no`,
    `t4`.`sharers_no`,
    `t4`.`bonus_0_no`,
    `t4`.`bonus_0`,
    `t4`.`cap_0_no`,
    `t4`.`cap_0_epoch`
  FROM (
    SELECT
      `t2`.`at`,
      `t2`.`event_id`,
      `t2`.`local`,
      `t2`.`activity`,
      `t2`.`points`,
      `t2`.`a0_days`,
      `t2`.`a1_released_on`,
      `t2`.`day`,
      `t2`.`account`,
      `t2`.`year`,
      `t2`.`is_before_sign_up`,
      `t2`.`membership_year`,
      `t2`.`edition`,
      `t2`.`book`,
      `t3`.`rule_no`,
      `t3`.`book` AS `book_right`,
      `t3`.`activity` AS `activity_right`,
      `t3`.`balance_no`,
      `t3`.`form`,
      `t3`.`amount`,
      `t3`.`amount_outcome`,
      `t3`.`amount_assumed`,
      `t3`.`lowest`,
      `t3`.`highest`,
      `t3`.`minimum`,
      `t3`.`spread`,
      `t3`.`is_assessed`,
      `t3`.`quantity_no`,
      `t3`.`eligible_no`,
      `t3`.`sharers_no`,
      `t3`.`bonus_0_no`,
      `t3`.`bonus_0`,
      `t3`.`cap_0_no`,
      `t3`.`cap_0_epoch`
    FROM `dated_events` AS `t2`
    LEFT OUTER JOIN `rules` AS `t3`
      ON `t2`.`book` = `t3`.`book` AND `t2`.`activity` = `t3`.`activity`
  ) AS `t4`
),

-- and with what the conditions say of them: true, false, or nothing where an attribute is missing
`judged_events` AS (
  SELECT
    `t0`.`at`,
    `t0`.`event_id`,
    `t0`.`local`,
    `t0`.`activity`,
    `t0`.`points`,
    `t0`.`a0_days`,
    `t0`.`a1_released_on`,
    `t0`.`day`,
    `t0`.`account`,
    `t0`.`year`,
    `t0`.`is_before_sign_up`,
    `t0`.`membership_year`,
    `t0`.`edition`,
    `t0`.`book`,
    `t0`.`rule_no`,
    `t0`.`balance_no`,
    `t0`.`form`,
    `t0`.`amount`,
    `t0`.`amount_outcome`,
    `t0`.`amount_assumed`,
    `t0`.`lowest`,
    `t0`.`highest`,
    `t0`.`minimum`,
    `t0`.`spread`,
    `t0`.`is_assessed`,
    `t0`.`quantity_no`,
    `t0`.`eligible_no`,
    `t0`.`sharers_no`,
    `t0`.`bonus_0_no`,
    `t0`.`bonus_0`,
    `t0`.`cap_0_no`,
    `t0`.`cap_0_epoch`,
    CAST(NULL AS BOOLEAN) AS `eligible_holds`,
    CASE
      WHEN `t0`.`bonus_0_no` = 0
      THEN (
        DATEDIFF(DAY, `t0`.`a1_released_on`, `t0`.`day`) >= 0
      )
      AND (
        DATEDIFF(DAY, `t0`.`a1_released_on`, `t0`.`day`) <= 7
      )
      ELSE CAST(NULL AS BOOLEAN)
    END AS `bonus_0_holds`,
    CASE
      WHEN (
        `t0`.`form` = 1
      )
      AND (
        `t0`.`points` IS NOT NULL
      )
      AND `t0`.`points` BETWEEN `t0`.`lowest` AND `t0`.`highest`
      THEN IF(
        (
          (
            `t0`.`highest` - `t0`.`lowest`
          ) = `t0`.`spread`
        )
        AND (
          `t0`.`lowest` = `t0`.`minimum`
        ),
        `t0`.`points`,
        `t0`.`minimum` + (
          (
            (
              (
                LEAST(GREATEST(`t0`.`points`, `t0`.`lowest`), `t0`.`highest`) - `t0`.`lowest`
              ) * `t0`.`spread` * 2
            ) + GREATEST(`t0`.`highest` - `t0`.`lowest`, 1)
          ) DIV (
            GREATEST(`t0`.`highest` - `t0`.`lowest`, 1) * 2
          )
        )
      )
      WHEN `t0`.`form` = 2
      THEN CAST(CAST(FLOOR(
        (
          CASE
            WHEN `t0`.`quantity_no` = 0
            THEN CAST(`t0`.`a0_days` AS DECIMAL(21, 6))
            ELSE CAST(NULL AS DECIMAL(21, 6))
          END * CAST(`t0`.`amount` AS DECIMAL(10, 0))
        ) + CAST('0.5' AS DECIMAL(2, 1))
      ) AS DECIMAL(21, 6)) AS BIGINT)
      ELSE `t0`.`amount`
    END AS `base`,
    CASE
      WHEN (
        `t0`.`form` = 1
      ) AND (
        `t0`.`points` IS NOT NULL
      )
      THEN IF(`t0`.`points` BETWEEN `t0`.`lowest` AND `t0`.`highest`, 0, 4)
      WHEN `t0`.`form` = 2
      THEN CASE
        WHEN CASE
          WHEN `t0`.`quantity_no` = 0
          THEN CAST(`t0`.`a0_days` AS DECIMAL(21, 6))
          ELSE CAST(NULL AS DECIMAL(21, 6))
        END IS NULL
        THEN 5
        WHEN CASE
          WHEN `t0`.`quantity_no` = 0
          THEN CAST(`t0`.`a0_days` AS DECIMAL(21, 6))
          ELSE CAST(NULL AS DECIMAL(21, 6))
        END < 0
        THEN 4
        ELSE 0
      END
      ELSE `t0`.`amount_outcome`
    END AS `base_outcome`,
    `t0`.`amount_assumed`
    AND (
      (
        `t0`.`form` = 0
      ) OR (
        `t0`.`form` = 1
      )
    )
    AND NOT (
      (
        `t0`.`form` = 1
      ) AND (
        `t0`.`points` IS NOT NULL
      )
    ) AS `base_assumed`,
    CAST(NULL AS BIGINT) AS `sharers`
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
    `t0`.`a1_released_on`,
    `t0`.`day`,
    `t0`.`account`,
    `t0`.`year`,
    `t0`.`is_before_sign_up`,
    `t0`.`membership_year`,
    `t0`.`edition`,
    `t0`.`book`,
    COALESCE(`t0`.`rule_no`, -1) AS `rule_no`,
    CAST(COALESCE(`t0`.`balance_no`, 0) AS TINYINT) AS `balance_no`,
    `t0`.`form`,
    `t0`.`amount`,
    `t0`.`amount_outcome`,
    `t0`.`amount_assumed`,
    `t0`.`lowest`,
    `t0`.`highest`,
    `t0`.`minimum`,
    `t0`.`spread`,
    `t0`.`is_assessed`,
    `t0`.`quantity_no`,
    `t0`.`eligible_no`,
    `t0`.`sharers_no`,
    `t0`.`bonus_0_no`,
    `t0`.`bonus_0`,
    `t0`.`cap_0_no`,
    `t0`.`cap_0_epoch`,
    `t0`.`eligible_holds`,
    `t0`.`bonus_0_holds`,
    `t0`.`base`,
    `t0`.`base_outcome`,
    `t0`.`base_assumed`,
    `t0`.`sharers`,
    CASE
      WHEN `t0`.`is_before_sign_up`
      THEN 8
      WHEN `t0`.`edition` = -1
      THEN 9
      WHEN `t0`.`rule_no` IS NULL
      THEN 7
      WHEN (
        `t0`.`eligible_no` <> -1
      ) AND (
        `t0`.`eligible_holds` IS NULL
      )
      THEN 5
      WHEN (
        `t0`.`eligible_no` <> -1
      ) AND NOT (
        `t0`.`eligible_holds`
      )
      THEN 6
      WHEN (
        `t0`.`base_outcome` = 5
      )
      OR (
        (
          `t0`.`sharers_no` <> -1
        ) AND (
          `t0`.`sharers` IS NULL
        )
      )
      OR (
        (
          `t0`.`bonus_0_no` <> -1
        ) AND (
          `t0`.`bonus_0_holds` IS NULL
        )
      )
      THEN 5
      WHEN `t0`.`base_outcome` <> 0
      THEN `t0`.`base_outcome`
      WHEN (
        `t0`.`sharers_no` <> -1
      ) AND (
        `t0`.`sharers` < 1
      )
      THEN 4
      ELSE 0
    END AS `outcome`,
    `t0`.`base` + IF(`t0`.`bonus_0_holds`, `t0`.`bonus_0`, 0) AS `asked`,
    IF(`t0`.`rule_no` IS NULL, `t0`.`activity`, CAST(NULL AS STRING)) AS `other_activity`
  FROM `judged_events` AS `t0`
),

-- events with the points they ask for, before any limit
`valued_events` AS (
  SELECT
    `t0`.`account`,
    `t0`.`at`,
    `t0`.`event_id`,
    `t0`.`local`,
    `t0`.`other_activity`,
    `t0`.`day`,
    CAST(`t0`.`year` AS SMALLINT) AS `year`,
    CAST(`t0`.`membership_year` AS SMALLINT) AS `membership_year`,
    CAST(`t0`.`edition` AS SMALLINT) AS `edition`,
    `t0`.`rule_no`,
    `t0`.`balance_no`,
    IF(`t0`.`outcome` = 0, `t0`.`asked`, 0) AS `requested`,
    IF(`t0`.`outcome` = 0, `t0`.`asked`, 0) AS `passed`,
    CAST(`t0`.`outcome` AS TINYINT) AS `outcome`,
    COALESCE((
      `t0`.`outcome` = 0
    ) AND `t0`.`base_assumed`, FALSE) AS `is_assumed`,
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
    ) AS `is_ignored`
  FROM `priced_events` AS `t0`
),

-- events that meet a cap of stage 0, and its window
`cap_0_offered` AS (
  SELECT
    `t8`.`account`,
    `t8`.`at`,
    `t8`.`event_id`,
    `t8`.`local`,
    `t8`.`other_activity`,
    `t8`.`day`,
    `t8`.`year`,
    `t8`.`membership_year`,
    `t8`.`edition`,
    `t8`.`rule_no`,
    `t8`.`balance_no`,
    `t8`.`requested`,
    `t8`.`passed`,
    `t8`.`outcome`,
    `t8`.`is_assumed`,
    `t8`.`is_ignored`,
    `t8`.`cap_no`,
    `t8`.`epoch`,
    `t8`.`kind`,
    `t8`.`per`,
    `t8`.`limit_0`,
    CASE
      WHEN `t8`.`per` = 'calendar_month'
      THEN (
        CAST(`t8`.`year` AS BIGINT) * 100
      ) + EXTRACT(month FROM `t8`.`day`)
      WHEN `t8`.`per` = 'membership_year'
      THEN CAST(`t8`.`membership_year` AS BIGINT) * 1
      ELSE NULL
    END AS `window`,
    IF(`t8`.`kind` = 'points', `t8`.`passed`, 1) AS `counted`
  FROM (
    SELECT
      `t7`.`account`,
      `t7`.`at`,
      `t7`.`event_id`,
      `t7`.`local`,
      `t7`.`other_activity`,
      `t7`.`day`,
      `t7`.`year`,
      `t7`.`membership_year`,
      `t7`.`edition`,
      `t7`.`rule_no`,
      `t7`.`balance_no`,
      `t7`.`requested`,
      `t7`.`passed`,
      `t7`.`outcome`,
      `t7`.`is_assumed`,
      `t7`.`is_ignored`,
      `t6`.`cap_no`,
      `t6`.`epoch`,
      `t3`.`kind`,
      `t3`.`per`,
      `t3`.`limit_0`
    FROM (
      SELECT
        *
      FROM `valued_events` AS `t0`
      WHERE
        `t0`.`rule_no` IN (13, 19, 20, 41, 47, 48, 69, 75, 76) AND `t0`.`passed` > 0
    ) AS `t7`
    INNER JOIN (
      SELECT
        `t2`.`rule_no`,
        `t2`.`cap_0_no` AS `cap_no`,
        `t2`.`cap_0_epoch` AS `epoch`
      FROM `rules` AS `t2`
    ) AS `t6`
      ON `t7`.`rule_no` = `t6`.`rule_no`
    INNER JOIN `caps` AS `t3`
      ON `t6`.`cap_no` = `t3`.`cap_no`
  ) AS `t8`
),

-- running sums of what is offered, by epoch
`cap_0_sums` AS (
  SELECT
    `t0`.`account`,
    `t0`.`at`,
    `t0`.`event_id`,
    `t0`.`local`,
    `t0`.`other_activity`,
    `t0`.`day`,
    `t0`.`year`,
    `t0`.`membership_year`,
    `t0`.`edition`,
    `t0`.`rule_no`,
    `t0`.`balance_no`,
    `t0`.`requested`,
    `t0`.`passed`,
    `t0`.`outcome`,
    `t0`.`is_assumed`,
    `t0`.`is_ignored`,
    `t0`.`cap_no`,
    `t0`.`epoch`,
    `t0`.`kind`,
    `t0`.`per`,
    `t0`.`limit_0`,
    `t0`.`window`,
    `t0`.`counted`,
    SUM(`t0`.`counted`) OVER (
      PARTITION BY `t0`.`account`, `t0`.`cap_no`, `t0`.`window`
      ORDER BY `t0`.`at` ASC NULLS LAST, `t0`.`event_id` ASC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS `sum_0`
  FROM `cap_0_offered` AS `t0`
),

-- used after and before each event, up to epoch 0
`cap_0_used_0` AS (
  SELECT
    `t0`.`account`,
    `t0`.`at`,
    `t0`.`event_id`,
    `t0`.`local`,
    `t0`.`other_activity`,
    `t0`.`day`,
    `t0`.`year`,
    `t0`.`membership_year`,
    `t0`.`edition`,
    `t0`.`rule_no`,
    `t0`.`balance_no`,
    `t0`.`requested`,
    `t0`.`passed`,
    `t0`.`outcome`,
    `t0`.`is_assumed`,
    `t0`.`is_ignored`,
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

-- all events after the caps of stage 0
`cap_0_passed` AS (
  SELECT
    *
  FROM (
    SELECT
      `t0`.`account`,
      `t0`.`at`,
      `t0`.`event_id`,
      `t0`.`local`,
      `t0`.`other_activity`,
      `t0`.`day`,
      `t0`.`year`,
      `t0`.`membership_year`,
      `t0`.`edition`,
      `t0`.`rule_no`,
      `t0`.`balance_no`,
      `t0`.`requested`,
      IF(
        `t0`.`kind` = 'points',
        `t0`.`used` - `t0`.`used_before`,
        IF((
          `t0`.`used` - `t0`.`used_before`
        ) > 0, `t0`.`passed`, 0)
      ) AS `passed`,
      `t0`.`outcome`,
      `t0`.`is_assumed`,
      `t0`.`is_ignored`
    FROM `cap_0_used_0` AS `t0`
  ) AS `t3`
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      *
    FROM `valued_events` AS `t1`
    WHERE
      NOT (
        `t1`.`rule_no` IN (13, 19, 20, 41, 47, 48, 69, 75, 76)
        AND (
          `t1`.`passed` > 0
        )
      )
  ) AS `t2`
),

-- events of the balances that are summed apart, with running totals
`own_totals` AS (
  SELECT
    `t3`.`account`,
    `t3`.`at`,
    `t3`.`event_id`,
    `t3`.`local`,
    `t3`.`other_activity`,
    `t3`.`edition`,
    `t3`.`rule_no`,
    `t3`.`balance_no`,
    `t3`.`requested`,
    `t3`.`passed`,
    `t3`.`outcome`,
    `t3`.`is_assumed`,
    `t3`.`is_ignored`,
    `t3`.`period`,
    `t3`.`level_period`,
    SUM(`t3`.`passed`) OVER (
      PARTITION BY `t3`.`account`, `t3`.`balance_no`, `t3`.`period`
      ORDER BY `t3`.`at` ASC NULLS LAST, `t3`.`event_id` ASC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) + CASE WHEN `t3`.`balance_no` = 0 THEN 0 ELSE 0 END AS `own_total`
  FROM (
    SELECT
      *
    FROM (
      SELECT
        `t1`.`account`,
        `t1`.`at`,
        `t1`.`event_id`,
        `t1`.`local`,
        `t1`.`other_activity`,
        `t1`.`edition`,
        `t1`.`rule_no`,
        `t1`.`balance_no`,
        `t1`.`requested`,
        `t1`.`passed`,
        `t1`.`outcome`,
        `t1`.`is_assumed`,
        `t1`.`is_ignored`,
        `t1`.`period`,
        `t1`.`level_period`
      FROM (
        SELECT
          `t0`.`account`,
          `t0`.`at`,
          `t0`.`event_id`,
          `t0`.`local`,
          `t0`.`other_activity`,
          `t0`.`day`,
          `t0`.`year`,
          `t0`.`membership_year`,
          `t0`.`edition`,
          `t0`.`rule_no`,
          `t0`.`balance_no`,
          `t0`.`requested`,
          `t0`.`passed`,
          `t0`.`outcome`,
          `t0`.`is_assumed`,
          `t0`.`is_ignored`,
          CASE WHEN `t0`.`balance_no` = 0 THEN `t0`.`membership_year` ELSE 1 END AS `period`,
          `t0`.`membership_year` AS `level_period`
        FROM `cap_0_passed` AS `t0`
      ) AS `t1`
    ) AS `t2`
    WHERE
      `t2`.`balance_no` IN (1) AND `t2`.`outcome` <> 8
  ) AS `t3`
),

-- and how far the plain sum lies below the floor
`below_floors` AS (
  SELECT
    `t0`.`account`,
    `t0`.`at`,
    `t0`.`event_id`,
    `t0`.`local`,
    `t0`.`other_activity`,
    `t0`.`edition`,
    `t0`.`rule_no`,
    `t0`.`balance_no`,
    `t0`.`requested`,
    `t0`.`passed`,
    `t0`.`outcome`,
    `t0`.`is_assumed`,
    `t0`.`is_ignored`,
    `t0`.`period`,
    `t0`.`level_period`,
    `t0`.`own_total`,
    CASE WHEN `t0`.`balance_no` = 0 THEN 0 ELSE 0 - `t0`.`own_total` END AS `below`
  FROM `own_totals` AS `t0`
),

-- and how far the floor has lifted the total, after and before
`lifted_totals` AS (
  SELECT
    `t0`.`account`,
    `t0`.`at`,
    `t0`.`event_id`,
    `t0`.`local`,
    `t0`.`other_activity`,
    `t0`.`edition`,
    `t0`.`rule_no`,
    `t0`.`balance_no`,
    `t0`.`requested`,
    `t0`.`passed`,
    `t0`.`outcome`,
    `t0`.`is_assumed`,
    `t0`.`is_ignored`,
    `t0`.`period`,
    `t0`.`level_period`,
    `t0`.`own_total`,
    `t0`.`below`,
    GREATEST(
      MAX(`t0`.`below`) OVER (
        PARTITION BY `t0`.`account`, `t0`.`balance_no`, `t0`.`period`
        ORDER BY `t0`.`at` ASC NULLS LAST, `t0`.`event_id` ASC NULLS LAST
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ),
      0
    ) AS `lift`,
    GREATEST(
      COALESCE(
        MAX(`t0`.`below`) OVER (
          PARTITION BY `t0`.`account`, `t0`.`balance_no`, `t0`.`period`
          ORDER BY `t0`.`at` ASC NULLS LAST, `t0`.`event_id` ASC NULLS LAST
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ),
        0
      ),
      0
    ) AS `lift_before`
  FROM `below_floors` AS `t0`
),

-- all events again
`all_totalled_events` AS (
  SELECT
    *
  FROM (
    SELECT
      `t2`.`account`,
      `t2`.`at`,
      `t2`.`event_id`,
      `t2`.`local`,
      `t2`.`other_activity`,
      `t2`.`edition`,
      `t2`.`rule_no`,
      `t2`.`balance_no`,
      `t2`.`requested`,
      `t2`.`passed`,
      `t2`.`outcome`,
      `t2`.`is_assumed`,
      `t2`.`is_ignored`,
      `t2`.`period`,
      `t2`.`level_period`,
      `t2`.`own_total`
    FROM (
      SELECT
        `t0`.`account`,
        `t0`.`at`,
        `t0`.`event_id`,
        `t0`.`local`,
        `t0`.`other_activity`,
        `t0`.`edition`,
        `t0`.`rule_no`,
        `t0`.`balance_no`,
        `t0`.`requested`,
        (
          `t0`.`passed` + `t0`.`lift`
        ) - `t0`.`lift_before` AS `passed`,
        `t0`.`outcome`,
        `t0`.`is_assumed`,
        `t0`.`is_ignored`,
        `t0`.`period`,
        `t0`.`level_period`,
        `t0`.`own_total` + `t0`.`lift` AS `own_total`,
        `t0`.`below`,
        `t0`.`lift`,
        `t0`.`lift_before`
      FROM `lifted_totals` AS `t0`
    ) AS `t2`
  ) AS `t4`
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      `t5`.`account`,
      `t5`.`at`,
      `t5`.`event_id`,
      `t5`.`local`,
      `t5`.`other_activity`,
      `t5`.`edition`,
      `t5`.`rule_no`,
      `t5`.`balance_no`,
      `t5`.`requested`,
      `t5`.`passed`,
      `t5`.`outcome`,
      `t5`.`is_assumed`,
      `t5`.`is_ignored`,
      `t5`.`period`,
      `t5`.`level_period`,
      0 AS `own_total`
    FROM (
      SELECT
        `t3`.`account`,
        `t3`.`at`,
        `t3`.`event_id`,
        `t3`.`local`,
        `t3`.`other_activity`,
        `t3`.`edition`,
        `t3`.`rule_no`,
        `t3`.`balance_no`,
        `t3`.`requested`,
        `t3`.`passed`,
        `t3`.`outcome`,
        `t3`.`is_assumed`,
        `t3`.`is_ignored`,
        `t3`.`period`,
        `t3`.`level_period`
      FROM (
        SELECT
          `t1`.`account`,
          `t1`.`at`,
          `t1`.`event_id`,
          `t1`.`local`,
          `t1`.`other_activity`,
          `t1`.`day`,
          `t1`.`year`,
          `t1`.`membership_year`,
          `t1`.`edition`,
          `t1`.`rule_no`,
          `t1`.`balance_no`,
          `t1`.`requested`,
          `t1`.`passed`,
          `t1`.`outcome`,
          `t1`.`is_assumed`,
          `t1`.`is_ignored`,
          CASE WHEN `t1`.`balance_no` = 0 THEN `t1`.`membership_year` ELSE 1 END AS `period`,
          `t1`.`membership_year` AS `level_period`
        FROM `cap_0_passed` AS `t1`
      ) AS `t3`
    ) AS `t5`
    WHERE
      NOT (
        `t5`.`balance_no` IN (1) AND (
          `t5`.`outcome` <> 8
        )
      )
  ) AS `t6`
),

-- every event with what counts
`awarded_events` AS (
  SELECT
    `t0`.`account`,
    `t0`.`at`,
    `t0`.`event_id`,
    `t0`.`local`,
    `t0`.`other_activity`,
    `t0`.`edition`,
    `t0`.`rule_no`,
    `t0`.`balance_no`,
    `t0`.`requested`,
    `t0`.`passed` AS `awarded`,
    CAST(IF(
      `t0`.`outcome` = 0,
      CASE
        WHEN `t0`.`passed` = `t0`.`requested`
        THEN 0
        WHEN `t0`.`passed` <> 0
        THEN 1
        ELSE 2
      END,
      `t0`.`outcome`
    ) AS TINYINT) AS `outcome`,
    `t0`.`is_assumed`,
    `t0`.`is_ignored`,
    `t0`.`period`,
    `t0`.`level_period`,
    `t0`.`own_total`
  FROM `all_totalled_events` AS `t0`
),

-- what each segment of an account's time brings to the level balance
`gains` AS (
  SELECT
    `t2`.`account`,
    `t2`.`edition`,
    `t2`.`level_period`,
    `t2`.`gain`,
    `t2`.`gain` AS `rise`
  FROM (
    SELECT
      `t1`.`account`,
      `t1`.`edition`,
      `t1`.`level_period`,
      SUM(`t1`.`gain`) AS `gain`
    FROM (
      SELECT
        `t0`.`account`,
        `t0`.`at`,
        `t0`.`event_id`,
        `t0`.`local`,
        `t0`.`other_activity`,
        `t0`.`edition`,
        `t0`.`rule_no`,
        `t0`.`balance_no`,
        `t0`.`requested`,
        `t0`.`awarded` AS `gain`,
        `t0`.`outcome`,
        `t0`.`is_assumed`,
        `t0`.`is_ignored`,
        `t0`.`period`,
        `t0`.`level_period`,
        `t0`.`own_total`
      FROM `awarded_events` AS `t0`
      WHERE
        `t0`.`balance_no` = 0 AND `t0`.`edition` <> -1 AND `t0`.`outcome` <> 8
    ) AS `t1`
    GROUP BY
      1,
      2,
      3
  ) AS `t2`
),

-- accounts with their first day under a version
`begun_accounts` AS (
  SELECT
    `t0`.`account`,
    `t0`.`set_no`,
    `t0`.`signed_up_on`,
    `t0`.`signed_up_year`,
    `t0`.`signed_up_day`,
    GREATEST(`t0`.`signed_up_on`, MAKE_DATE(1000, 1, 1)) AS `first_day`
  FROM `accounts` AS `t0`
  WHERE
    `t0`.`signed_up_on` <= MAKE_DATE(2025, 12, 31)
    AND GREATEST(`t0`.`signed_up_on`, MAKE_DATE(1000, 1, 1)) <= MAKE_DATE(2025, 12, 31)
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
      CAST(EXTRACT(year FROM `t0`.`first_day`) AS BIGINT) - `t0`.`signed_up_year`
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
              CAST(EXTRACT(year FROM `t0`.`first_day`) AS BIGINT) % 4
            ) = 0
          )
          AND (
            (
              (
                CAST(EXTRACT(year FROM `t0`.`first_day`) AS BIGINT) % 100
              ) <> 0
            )
            OR (
              (
                CAST(EXTRACT(year FROM `t0`.`first_day`) AS BIGINT) % 400
              ) = 0
            )
          )
        ),
        228,
        `t0`.`signed_up_day`
      ),
      1,
      0
    ) AS INT) AS `first_period`,
    CAST((
      2025 - `t0`.`signed_up_year`
    ) + IF(
      1231 >= IF(
        (
          `t0`.`signed_up_day` = 229
        )
        AND NOT (
          (
            (
              2025 % 4
            ) = 0
          )
          AND (
            (
              (
                2025 % 100
              ) <> 0
            ) OR (
              (
                2025 % 400
              ) = 0
            )
          )
        ),
        228,
        `t0`.`signed_up_day`
      ),
      1,
      0
    ) AS INT) AS `last_period`
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
    CAST(`t4`.`first_period` + `t4`.`number` AS SMALLINT) AS `level_period`
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
      MAKE_DATE(
        CAST(`t0`.`signed_up_year` + (
          `t0`.`level_period` - 1
        ) AS INT),
        CAST((
          (
            IF(
              (
                `t0`.`signed_up_day` = 229
              )
              AND NOT (
                (
                  (
                    (
                      `t0`.`signed_up_year` + (
                        `t0`.`level_period` - 1
                      )
                    ) % 4
                  ) = 0
                )
                AND (
                  (
                    (
                      (
                        `t0`.`signed_up_year` + (
                          `t0`.`level_period` - 1
                        )
                      ) % 100
                    ) <> 0
                  )
                  OR (
                    (
                      (
                        `t0`.`signed_up_year` + (
                          `t0`.`level_period` - 1
                        )
                      ) % 400
                    ) = 0
                  )
                )
              ),
              228,
              `t0`.`signed_up_day`
            )
          ) DIV (
            100
          )
        ) AS INT),
        CAST(IF(
          (
            `t0`.`signed_up_day` = 229
          )
          AND NOT (
            (
              (
                (
                  `t0`.`signed_up_year` + (
                    `t0`.`level_period` - 1
                  )
                ) % 4
              ) = 0
            )
            AND (
              (
                (
                  (
                    `t0`.`signed_up_year` + (
                      `t0`.`level_period` - 1
                    )
                  ) % 100
                ) <> 0
              )
              OR (
                (
                  (
                    `t0`.`signed_up_year` + (
                      `t0`.`level_period` - 1
                    )
                  ) % 400
                ) = 0
              )
            )
          ),
          228,
          `t0`.`signed_up_day`
        ) % 100 AS INT)
      ) AS `period_start`,
      MAKE_DATE(
        CAST(`t0`.`signed_up_year` + `t0`.`level_period` AS INT),
        CAST((
          (
            IF(
              (
                `t0`.`signed_up_day` = 229
              )
              AND NOT (
                (
                  (
                    (
                      `t0`.`signed_up_year` + `t0`.`level_period`
                    ) % 4
                  ) = 0
                )
                AND (
                  (
                    (
                      (
                        `t0`.`signed_up_year` + `t0`.`level_period`
                      ) % 100
                    ) <> 0
                  )
                  OR (
                    (
                      (
                        `t0`.`signed_up_year` + `t0`.`level_period`
                      ) % 400
                    ) = 0
                  )
                )
              ),
              228,
              `t0`.`signed_up_day`
            )
          ) DIV (
            100
          )
        ) AS INT),
        CAST(IF(
          (
            `t0`.`signed_up_day` = 229
          )
          AND NOT (
            (
              (
                (
                  `t0`.`signed_up_year` + `t0`.`level_period`
                ) % 4
              ) = 0
            )
            AND (
              (
                (
                  (
                    `t0`.`signed_up_year` + `t0`.`level_period`
                  ) % 100
                ) <> 0
              )
              OR (
                (
                  (
                    `t0`.`signed_up_year` + `t0`.`level_period`
                  ) % 400
                ) = 0
              )
            )
          ),
          228,
          `t0`.`signed_up_day`
        ) % 100 AS INT)
      ) AS `period_end`
    FROM `listed_periods` AS `t0`
  ) AS `t1`
),

-- stretches of an account's time with one edition and one period
`segments` AS (
  SELECT
    `t4`.`account`,
    `t4`.`set_no`,
    `t4`.`signed_up_on`,
    `t4`.`first_day`,
    `t4`.`level_period`,
    `t4`.`period_start`,
    `t4`.`period_end`,
    `t4`.`edition`,
    `t4`.`era`,
    `t4`.`version`,
    `t4`.`starts_on`,
    `t4`.`ends_on`,
    `t4`.`one_level`,
    `t4`.`level_count`,
    `t4`.`threshold_0`,
    `t4`.`threshold_1`,
    `t4`.`threshold_2`,
    GREATEST(`t4`.`period_start`, `t4`.`starts_on`) AS `starts`,
    LEAST(`t4`.`period_end`, `t4`.`ends_on`) AS `ends`
  FROM (
    SELECT
      `t2`.`account`,
      `t2`.`set_no`,
      `t2`.`signed_up_on`,
      `t2`.`first_day`,
      `t2`.`level_period`,
      `t2`.`period_start`,
      `t2`.`period_end`,
      `t3`.`edition`,
      `t3`.`era`,
      `t3`.`version`,
      `t3`.`starts_on`,
      `t3`.`ends_on`,
      `t3`.`one_level`,
      `t3`.`level_count`,
      `t3`.`threshold_0`,
      `t3`.`threshold_1`,
      `t3`.`threshold_2`
    FROM `periods` AS `t2`
    INNER JOIN `editions` AS `t3`
      ON `t2`.`set_no` = `t3`.`set_no`
  ) AS `t4`
  WHERE
    GREATEST(`t4`.`period_start`, `t4`.`starts_on`) < LEAST(`t4`.`period_end`, `t4`.`ends_on`)
    AND GREATEST(`t4`.`period_start`, `t4`.`starts_on`) <= MAKE_DATE(2025, 12, 31)
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
    `t5`.`threshold_2`,
    `t5`.`starts`,
    `t5`.`ends`,
    COALESCE(`t5`.`gain`, 0) AS `gain`,
    COALESCE(`t5`.`rise`, 0) AS `rise`
  FROM (
    SELECT
      `t4`.`account`,
      `t4`.`set_no`,
      `t4`.`signed_up_on`,
      `t4`.`first_day`,
      `t4`.`level_period`,
      `t4`.`period_start`,
      `t4`.`period_end`,
      `t4`.`edition`,
      `t4`.`era`,
      `t4`.`version`,
      `t4`.`starts_on`,
      `t4`.`ends_on`,
      `t4`.`one_level`,
      `t4`.`level_count`,
      `t4`.`threshold_0`,
      `t4`.`threshold_1`,
      `t4`.`threshold_2`,
      `t4`.`starts`,
      `t4`.`ends`,
      `t4`.`gain`,
      `t4`.`rise`
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
        `t2`.`threshold_2`,
        `t2`.`starts`,
        `t2`.`ends`,
        `t3`.`account` AS `account_right`,
        `t3`.`edition` AS `edition_right`,
        `t3`.`level_period` AS `level_period_right`,
        `t3`.`gain`,
        `t3`.`rise`
      FROM `segments` AS `t2`
      LEFT OUTER JOIN `gains` AS `t3`
        ON `t2`.`account` = `t3`.`account`
        AND `t2`.`edition` = `t3`.`edition`
        AND `t2`.`level_period` = `t3`.`level_period`
    ) AS `t4`
  ) AS `t5`
),

-- segments with the total at their end
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
    `t0`.`threshold_2`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`gain`,
    `t0`.`rise`,
    SUM(`t0`.`gain`) OVER (
      PARTITION BY `t0`.`account`, `t0`.`level_period`
      ORDER BY `t0`.`starts` ASC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) + 0 AS `total_end`,
    SUM(`t0`.`gain`) OVER (
      PARTITION BY `t0`.`account`
      ORDER BY `t0`.`starts` ASC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS `gained`,
    `t0`.`starts` = `t0`.`signed_up_on` AS `is_opening`
  FROM `segment_gains` AS `t0`
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
    `t0`.`threshold_2`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`gain`,
    `t0`.`rise`,
    `t0`.`total_end`,
    `t0`.`gained`,
    `t0`.`is_opening`,
    `t0`.`total_end` - `t0`.`gain` AS `total_start`,
    `t0`.`gained` - `t0`.`gain` AS `gained_before`,
    COALESCE(
      LAG(`t0`.`total_end`) OVER (PARTITION BY `t0`.`account` ORDER BY `t0`.`starts` ASC NULLS LAST),
      0
    ) AS `closing`,
    (
      `t0`.`starts` = `t0`.`period_start`
    ) AND NOT (
      `t0`.`is_opening`
    ) AS `is_reset`
  FROM `segment_totals` AS `t0`
),

-- segments with the ranks that their totals reach
`segment_ranks` AS (
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
    `t0`.`threshold_2`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`gain`,
    `t0`.`rise`,
    `t0`.`total_end`,
    `t0`.`gained`,
    `t0`.`is_opening`,
    `t0`.`total_start`,
    `t0`.`gained_before`,
    `t0`.`closing`,
    `t0`.`is_reset`,
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
    ) + IF(
      (
        `t0`.`total_start` >= `t0`.`threshold_2`
      ) AND (
        `t0`.`level_count` > 2
      ),
      1,
      0
    ) AS `earned_at_start`,
    -1 + IF(
      (
        (
          `t0`.`total_start` + GREATEST(`t0`.`rise`, 0)
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
          `t0`.`total_start` + GREATEST(`t0`.`rise`, 0)
        ) >= `t0`.`threshold_1`
      )
      AND (
        `t0`.`level_count` > 1
      ),
      1,
      0
    ) + IF(
      (
        (
          `t0`.`total_start` + GREATEST(`t0`.`rise`, 0)
        ) >= `t0`.`threshold_2`
      )
      AND (
        `t0`.`level_count` > 2
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
      ), 1, 0) + IF((
        `t0`.`closing` >= `t0`.`threshold_2`
      ) AND (
        `t0`.`level_count` > 2
      ), 1, 0),
      -1
    ) AS `earned_at_close`
  FROM `segment_bounds` AS `t0`
),

-- and what each does to the rank it begins with
`segment_effects` AS (
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
    `t0`.`threshold_2`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`gain`,
    `t0`.`rise`,
    `t0`.`total_end`,
    `t0`.`gained`,
    `t0`.`is_opening`,
    `t0`.`total_start`,
    `t0`.`gained_before`,
    `t0`.`closing`,
    `t0`.`is_reset`,
    `t0`.`earned_at_start`,
    `t0`.`earned_at_peak`,
    `t0`.`earned_at_close`,
    CASE WHEN NOT (
      `t0`.`is_reset`
    ) THEN 0 WHEN `t0`.`one_level` THEN 1 ELSE 1000 END AS `fall`,
    GREATEST(`t0`.`earned_at_peak`, `t0`.`earned_at_close`) AS `best`
  FROM `segment_ranks` AS `t0`
),

-- and all falls so far
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
    `t0`.`threshold_2`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`gain`,
    `t0`.`rise`,
    `t0`.`total_end`,
    `t0`.`gained`,
    `t0`.`is_opening`,
    `t0`.`total_start`,
    `t0`.`gained_before`,
    `t0`.`closing`,
    `t0`.`is_reset`,
    `t0`.`earned_at_start`,
    `t0`.`earned_at_peak`,
    `t0`.`earned_at_close`,
    `t0`.`fall`,
    `t0`.`best`,
    SUM(`t0`.`fall`) OVER (
      PARTITION BY `t0`.`account`, `t0`.`era`
      ORDER BY `t0`.`starts` ASC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS `fallen`
  FROM `segment_effects` AS `t0`
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
    `t0`.`threshold_2`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`gain`,
    `t0`.`rise`,
    `t0`.`total_end`,
    `t0`.`gained`,
    `t0`.`is_opening`,
    `t0`.`total_start`,
    `t0`.`gained_before`,
    `t0`.`closing`,
    `t0`.`is_reset`,
    `t0`.`earned_at_start`,
    `t0`.`earned_at_peak`,
    `t0`.`earned_at_close`,
    `t0`.`fall`,
    `t0`.`best`,
    `t0`.`fallen`,
    MAX(`t0`.`best` + `t0`.`fallen`) OVER (
      PARTITION BY `t0`.`account`, `t0`.`era`
      ORDER BY `t0`.`starts` ASC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS `height`
  FROM `segment_falls` AS `t0`
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
    `t0`.`threshold_2`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`gain`,
    `t0`.`rise`,
    `t0`.`total_end`,
    `t0`.`gained`,
    `t0`.`is_opening`,
    `t0`.`total_start`,
    `t0`.`gained_before`,
    `t0`.`closing`,
    `t0`.`is_reset`,
    `t0`.`earned_at_start`,
    `t0`.`earned_at_peak`,
    `t0`.`earned_at_close`,
    `t0`.`fall`,
    `t0`.`best`,
    `t0`.`fallen`,
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
    `t0`.`threshold_2`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`gain`,
    `t0`.`rise`,
    `t0`.`total_end`,
    `t0`.`gained`,
    `t0`.`is_opening`,
    `t0`.`total_start`,
    `t0`.`gained_before`,
    `t0`.`closing`,
    `t0`.`is_reset`,
    `t0`.`earned_at_start`,
    `t0`.`earned_at_peak`,
    `t0`.`earned_at_close`,
    `t0`.`fall`,
    `t0`.`best`,
    `t0`.`fallen`,
    `t0`.`height`,
    `t0`.`end_rank`,
    COALESCE(
      LAG(`t0`.`end_rank`) OVER (PARTITION BY `t0`.`account` ORDER BY `t0`.`starts` ASC NULLS LAST),
      -1
    ) AS `rank_before`,
    COALESCE(
      LAG(`t0`.`edition`) OVER (PARTITION BY `t0`.`account` ORDER BY `t0`.`starts` ASC NULLS LAST),
      -1
    ) AS `edition_before`,
    COALESCE(
      LAG(`t0`.`era`) OVER (PARTITION BY `t0`.`account` ORDER BY `t0`.`starts` ASC NULLS LAST),
      0
    ) AS `era_before`
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
    `t0`.`threshold_2`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`gain`,
    `t0`.`rise`,
    `t0`.`total_end`,
    `t0`.`gained`,
    `t0`.`is_opening`,
    `t0`.`total_start`,
    `t0`.`gained_before`,
    `t0`.`closing`,
    `t0`.`is_reset`,
    `t0`.`earned_at_start`,
    `t0`.`earned_at_peak`,
    `t0`.`earned_at_close`,
    `t0`.`fall`,
    `t0`.`best`,
    `t0`.`fallen`,
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
    `t0`.`threshold_2`,
    `t0`.`starts`,
    `t0`.`ends`,
    `t0`.`gain`,
    `t0`.`rise`,
    `t0`.`total_end`,
    `t0`.`gained`,
    `t0`.`is_opening`,
    `t0`.`total_start`,
    `t0`.`gained_before`,
    `t0`.`closing`,
    `t0`.`is_reset`,
    `t0`.`earned_at_start`,
    `t0`.`earned_at_peak`,
    `t0`.`earned_at_close`,
    `t0`.`fall`,
    `t0`.`best`,
    `t0`.`fallen`,
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
    `t1`.`starts`,
    `t1`.`ends`,
    `t1`.`gain`,
    `t1`.`rise`,
    `t1`.`total_end`,
    `t1`.`gained`,
    `t1`.`is_opening`,
    `t1`.`total_start`,
    `t1`.`gained_before`,
    `t1`.`closing`,
    `t1`.`is_reset`,
    `t1`.`earned_at_start`,
    `t1`.`earned_at_peak`,
    `t1`.`earned_at_close`,
    `t1`.`fall`,
    `t1`.`best`,
    `t1`.`fallen`,
    `t1`.`height`,
    `t1`.`end_rank`,
    `t1`.`rank_before`,
    `t1`.`edition_before`,
    `t1`.`counted`,
    `t1`.`carried`,
    `t1`.`start_rank`
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
      `t0`.`threshold_2`,
      `t0`.`starts`,
      `t0`.`ends`,
      `t0`.`gain`,
      `t0`.`rise`,
      `t0`.`total_end`,
      `t0`.`gained`,
      `t0`.`is_opening`,
      `t0`.`total_start`,
      `t0`.`gained_before`,
      `t0`.`closing`,
      `t0`.`is_reset`,
      `t0`.`earned_at_start`,
      `t0`.`earned_at_peak`,
      `t0`.`earned_at_close`,
      `t0`.`fall`,
      `t0`.`best`,
      `t0`.`fallen`,
      `t0`.`height`,
      `t0`.`end_rank`,
      `t0`.`rank_before`,
      `t0`.`edition_before`,
      `t0`.`era_before`,
      `t0`.`counted`,
      `t0`.`carried`,
      GREATEST(`t0`.`carried`, `t0`.`earned_at_start`) AS `start_rank`
    FROM `carried_ranks` AS `t0`
  ) AS `t1`
),

-- every event with its place among the member's, and all gains so far
`summed_events` AS (
  SELECT
    `t8`.`account`,
    `t8`.`event_id`,
    `t8`.`local`,
    `t8`.`other_activity`,
    `t8`.`edition`,
    `t8`.`rule_no`,
    `t8`.`balance_no`,
    `t8`.`requested`,
    `t8`.`awarded`,
    `t8`.`outcome`,
    `t8`.`is_assumed`,
    `t8`.`is_ignored`,
    `t8`.`period`,
    `t8`.`level_period`,
    `t8`.`own_total`,
    `t8`.`start_rank`,
    `t8`.`total_start`,
    `t8`.`gained_before`,
    `t8`.`gain`,
    `t8`.`place`,
    `t8`.`gained`
  FROM (
    SELECT
      `t7`.`account`,
      `t7`.`at`,
      `t7`.`event_id`,
      `t7`.`local`,
      `t7`.`other_activity`,
      `t7`.`edition`,
      `t7`.`rule_no`,
      `t7`.`balance_no`,
      `t7`.`requested`,
      `t7`.`awarded`,
      `t7`.`outcome`,
      `t7`.`is_assumed`,
      `t7`.`is_ignored`,
      `t7`.`period`,
      `t7`.`level_period`,
      `t7`.`own_total`,
      `t7`.`start_rank`,
      `t7`.`total_start`,
      `t7`.`gained_before`,
      `t7`.`gain`,
      ROW_NUMBER() OVER (
        PARTITION BY `t7`.`account`
        ORDER BY `t7`.`at` ASC NULLS LAST, `t7`.`event_id` ASC NULLS LAST
      ) - 1 AS `place`,
      SUM(`t7`.`gain`) OVER (
        PARTITION BY `t7`.`account`
        ORDER BY `t7`.`at` ASC NULLS LAST, `t7`.`event_id` ASC NULLS LAST
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS `gained`
    FROM (
      SELECT
        `t6`.`account`,
        `t6`.`at`,
        `t6`.`event_id`,
        `t6`.`local`,
        `t6`.`other_activity`,
        `t6`.`edition`,
        `t6`.`rule_no`,
        `t6`.`balance_no`,
        `t6`.`requested`,
        `t6`.`awarded`,
        `t6`.`outcome`,
        `t6`.`is_assumed`,
        `t6`.`is_ignored`,
        `t6`.`period`,
        `t6`.`level_period`,
        `t6`.`own_total`,
        `t6`.`start_rank`,
        `t6`.`total_start`,
        `t6`.`gained_before`,
        IF(`t6`.`balance_no` = 0, `t6`.`awarded`, 0) AS `gain`
      FROM (
        SELECT
          `t5`.`account`,
          `t5`.`at`,
          `t5`.`event_id`,
          `t5`.`local`,
          `t5`.`other_activity`,
          `t5`.`edition`,
          `t5`.`rule_no`,
          `t5`.`balance_no`,
          `t5`.`requested`,
          `t5`.`awarded`,
          `t5`.`outcome`,
          `t5`.`is_assumed`,
          `t5`.`is_ignored`,
          `t5`.`period`,
          `t5`.`level_period`,
          `t5`.`own_total`,
          `t5`.`start_rank`,
          `t5`.`total_start`,
          `t5`.`gained_before`
        FROM (
          SELECT
            `t2`.`account`,
            `t2`.`at`,
            `t2`.`event_id`,
            `t2`.`local`,
            `t2`.`other_activity`,
            `t2`.`edition`,
            `t2`.`rule_no`,
            `t2`.`balance_no`,
            `t2`.`requested`,
            `t2`.`awarded`,
            `t2`.`outcome`,
            `t2`.`is_assumed`,
            `t2`.`is_ignored`,
            `t2`.`period`,
            `t2`.`level_period`,
            `t2`.`own_total`,
            `t4`.`account` AS `account_right`,
            `t4`.`edition` AS `edition_right`,
            `t4`.`level_period` AS `level_period_right`,
            `t4`.`start_rank`,
            `t4`.`total_start`,
            `t4`.`gained_before`
          FROM `awarded_events` AS `t2`
          LEFT OUTER JOIN (
            SELECT
              `t1`.`account`,
              `t1`.`edition`,
              `t1`.`level_period`,
              `t1`.`start_rank`,
              `t1`.`total_start`,
              `t1`.`gained_before`
            FROM `levels` AS `t1`
          ) AS `t4`
            ON `t2`.`account` = `t4`.`account`
            AND `t2`.`edition` = `t4`.`edition`
            AND `t2`.`level_period` = `t4`.`level_period`
        ) AS `t5`
      ) AS `t6`
    ) AS `t7`
  ) AS `t8`
),

-- and with the level balance's total and the edition's thresholds
`thresholded_events` AS (
  SELECT
    `t7`.`account`,
    `t7`.`event_id`,
    `t7`.`local`,
    `t7`.`other_activity`,
    `t7`.`edition`,
    `t7`.`rule_no`,
    `t7`.`balance_no`,
    `t7`.`requested`,
    `t7`.`awarded`,
    `t7`.`outcome`,
    `t7`.`is_assumed`,
    `t7`.`is_ignored`,
    `t7`.`period`,
    `t7`.`level_period`,
    `t7`.`own_total`,
    `t7`.`start_rank`,
    `t7`.`gain`,
    `t7`.`place`,
    `t7`.`level_total`,
    `t7`.`level_count`,
    `t7`.`threshold_0`,
    `t7`.`threshold_1`,
    `t7`.`threshold_2`
  FROM (
    SELECT
      `t6`.`account`,
      `t6`.`event_id`,
      `t6`.`local`,
      `t6`.`other_activity`,
      `t6`.`edition`,
      `t6`.`rule_no`,
      `t6`.`balance_no`,
      `t6`.`requested`,
      `t6`.`awarded`,
      `t6`.`outcome`,
      `t6`.`is_assumed`,
      `t6`.`is_ignored`,
      `t6`.`period`,
      `t6`.`level_period`,
      `t6`.`own_total`,
      `t6`.`start_rank`,
      `t6`.`gain`,
      `t6`.`place`,
      `t6`.`level_total`,
      `t3`.`edition` AS `edition_right`,
      `t3`.`level_count`,
      `t3`.`threshold_0`,
      `t3`.`threshold_1`,
      `t3`.`threshold_2`
    FROM (
      SELECT
        `t4`.`account`,
        `t4`.`event_id`,
        `t4`.`local`,
        `t4`.`other_activity`,
        `t4`.`edition`,
        `t4`.`rule_no`,
        `t4`.`balance_no`,
        `t4`.`requested`,
        `t4`.`awarded`,
        `t4`.`outcome`,
        `t4`.`is_assumed`,
        `t4`.`is_ignored`,
        `t4`.`period`,
        `t4`.`level_period`,
        `t4`.`own_total`,
        `t4`.`start_rank`,
        `t4`.`gain`,
        `t4`.`place`,
        `t4`.`level_total`
      FROM (
        SELECT
          `t0`.`account`,
          `t0`.`event_id`,
          `t0`.`local`,
          `t0`.`other_activity`,
          `t0`.`edition`,
          `t0`.`rule_no`,
          `t0`.`balance_no`,
          `t0`.`requested`,
          `t0`.`awarded`,
          `t0`.`outcome`,
          `t0`.`is_assumed`,
          `t0`.`is_ignored`,
          `t0`.`period`,
          `t0`.`level_period`,
          `t0`.`own_total`,
          COALESCE(`t0`.`start_rank`, -1) AS `start_rank`,
          `t0`.`total_start`,
          `t0`.`gained_before`,
          `t0`.`gain`,
          `t0`.`place`,
          `t0`.`gained`,
          COALESCE((
            `t0`.`gained` - `t0`.`gained_before`
          ) + `t0`.`total_start`, 0) AS `level_total`
        FROM `summed_events` AS `t0`
      ) AS `t4`
    ) AS `t6`
    LEFT OUTER JOIN (
      SELECT
        `t1`.`edition`,
        `t1`.`level_count`,
        `t1`.`threshold_0`,
        `t1`.`threshold_1`,
        `t1`.`threshold_2`
      FROM `editions` AS `t1`
    ) AS `t3`
      ON `t6`.`edition` = `t3`.`edition`
  ) AS `t7`
),

-- and with the rank held before and after
`placed_events` AS (
  SELECT
    `t0`.`account`,
    `t0`.`place`,
    `t0`.`event_id`,
    `t0`.`local`,
    `t0`.`other_activity`,
    `t0`.`edition`,
    `t0`.`rule_no`,
    `t0`.`balance_no`,
    `t0`.`requested`,
    `t0`.`awarded`,
    `t0`.`outcome`,
    `t0`.`is_assumed`,
    `t0`.`is_ignored`,
    `t0`.`period`,
    IF(`t0`.`balance_no` = 0, `t0`.`level_total`, `t0`.`own_total`) AS `total`,
    CAST(GREATEST(
      `t0`.`start_rank`,
      -1 + IF(
        (
          `t0`.`level_total` >= `t0`.`threshold_0`
        ) AND (
          `t0`.`level_count` > 0
        ),
        1,
        0
      ) + IF(
        (
          `t0`.`level_total` >= `t0`.`threshold_1`
        ) AND (
          `t0`.`level_count` > 1
        ),
        1,
        0
      ) + IF(
        (
          `t0`.`level_total` >= `t0`.`threshold_2`
        ) AND (
          `t0`.`level_count` > 2
        ),
        1,
        0
      )
    ) AS SMALLINT) AS `rank`,
    CAST(GREATEST(
      `t0`.`start_rank`,
      -1 + IF(
        (
          (
            `t0`.`level_total` - `t0`.`gain`
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
            `t0`.`level_total` - `t0`.`gain`
          ) >= `t0`.`threshold_1`
        )
        AND (
          `t0`.`level_count` > 1
        ),
        1,
        0
      ) + IF(
        (
          (
            `t0`.`level_total` - `t0`.`gain`
          ) >= `t0`.`threshold_2`
        )
        AND (
          `t0`.`level_count` > 2
        ),
        1,
        0
      )
    ) AS SMALLINT) AS `rank_before`
  FROM `thresholded_events` AS `t0`
),

-- the ledger
`ledger` AS (
  SELECT
    `t21`.`account`,
    `t21`.`place`,
    `t21`.`event_id`,
    `t21`.`member_id`,
    COALESCE(`t21`.`activity`, `t21`.`other_activity`) AS `activity`,
    `t21`.`local` AS `occurred_at`,
    `t21`.`version`,
    CASE
      WHEN `t21`.`balance_no` = 0
      THEN 'devops_points'
      WHEN `t21`.`balance_no` = 1
      THEN 'dojo_credits'
      ELSE NULL
    END AS `balance`,
    `t21`.`requested`,
    `t21`.`awarded`,
    CASE
      WHEN `t21`.`outcome` = 0
      THEN 'awarded'
      WHEN `t21`.`outcome` = 1
      THEN 'reduced'
      WHEN `t21`.`outcome` = 2
      THEN 'capped'
      WHEN `t21`.`outcome` = 3
      THEN 'unvalued'
      WHEN `t21`.`outcome` = 4
      THEN 'out_of_range'
      WHEN `t21`.`outcome` = 5
      THEN 'missing_attribute'
      WHEN `t21`.`outcome` = 6
      THEN 'not_eligible'
      WHEN `t21`.`outcome` = 7
      THEN 'no_such_activity'
      WHEN `t21`.`outcome` = 8
      THEN 'before_sign_up'
      WHEN `t21`.`outcome` = 9
      THEN 'no_version_in_force'
      ELSE NULL
    END AS `outcome`,
    `t21`.`is_assumed` AS `assumed`,
    IF(`t21`.`outcome` <> 8, `t21`.`period`, CAST(NULL AS SMALLINT)) AS `period`,
    IF(`t21`.`outcome` <> 8, `t21`.`total`, CAST(NULL AS BIGINT)) AS `total`,
    IF(`t21`.`outcome` <> 8, NULLIF(`t21`.`level`, ''), CAST(NULL AS STRING)) AS `level`,
    `t21`.`is_ignored`
  FROM (
    SELECT
      `t20`.`account`,
      `t20`.`place`,
      `t20`.`event_id`,
      `t20`.`local`,
      `t20`.`other_activity`,
      `t20`.`edition`,
      `t20`.`rule_no`,
      `t20`.`balance_no`,
      `t20`.`requested`,
      `t20`.`awarded`,
      `t20`.`outcome`,
      `t20`.`is_assumed`,
      `t20`.`is_ignored`,
      `t20`.`period`,
      `t20`.`total`,
      `t20`.`rank`,
      `t20`.`rank_before`,
      `t20`.`member_id`,
      `t20`.`level`,
      `t20`.`activity`,
      `t20`.`version`
    FROM (
      SELECT
        `t19`.`account`,
        `t19`.`place`,
        `t19`.`event_id`,
        `t19`.`local`,
        `t19`.`other_activity`,
        `t19`.`edition`,
        `t19`.`rule_no`,
        `t19`.`balance_no`,
        `t19`.`requested`,
        `t19`.`awarded`,
        `t19`.`outcome`,
        `t19`.`is_assumed`,
        `t19`.`is_ignored`,
        `t19`.`period`,
        `t19`.`total`,
        `t19`.`rank`,
        `t19`.`rank_before`,
        `t19`.`member_id`,
        `t19`.`level`,
        `t19`.`activity`,
        `t10`.`edition` AS `edition_right`,
        `t10`.`version`
      FROM (
        SELECT
          `t17`.`account`,
          `t17`.`place`,
          `t17`.`event_id`,
          `t17`.`local`,
          `t17`.`other_activity`,
          `t17`.`edition`,
          `t17`.`rule_no`,
          `t17`.`balance_no`,
          `t17`.`requested`,
          `t17`.`awarded`,
          `t17`.`outcome`,
          `t17`.`is_assumed`,
          `t17`.`is_ignored`,
          `t17`.`period`,
          `t17`.`total`,
          `t17`.`rank`,
          `t17`.`rank_before`,
          `t17`.`member_id`,
          `t17`.`level`,
          `t17`.`activity`
        FROM (
          SELECT
            `t16`.`account`,
            `t16`.`place`,
            `t16`.`event_id`,
            `t16`.`local`,
            `t16`.`other_activity`,
            `t16`.`edition`,
            `t16`.`rule_no`,
            `t16`.`balance_no`,
            `t16`.`requested`,
            `t16`.`awarded`,
            `t16`.`outcome`,
            `t16`.`is_assumed`,
            `t16`.`is_ignored`,
            `t16`.`period`,
            `t16`.`total`,
            `t16`.`rank`,
            `t16`.`rank_before`,
            `t16`.`member_id`,
            `t16`.`level`,
            `t11`.`rule_no` AS `rule_no_right`,
            `t11`.`activity`
          FROM (
            SELECT
              `t14`.`account`,
              `t14`.`place`,
              `t14`.`event_id`,
              `t14`.`local`,
              `t14`.`other_activity`,
              `t14`.`edition`,
              `t14`.`rule_no`,
              `t14`.`balance_no`,
              `t14`.`requested`,
              `t14`.`awarded`,
              `t14`.`outcome`,
              `t14`.`is_assumed`,
              `t14`.`is_ignored`,
              `t14`.`period`,
              `t14`.`total`,
              `t14`.`rank`,
              `t14`.`rank_before`,
              `t14`.`member_id`,
              `t14`.`level`
            FROM (
              SELECT
                `t5`.`account`,
                `t5`.`place`,
                `t5`.`event_id`,
                `t5`.`local`,
                `t5`.`other_activity`,
                `t5`.`edition`,
                `t5`.`rule_no`,
                `t5`.`balance_no`,
                `t5`.`requested`,
                `t5`.`awarded`,
                `t5`.`outcome`,
                `t5`.`is_assumed`,
                `t5`.`is_ignored`,
                `t5`.`period`,
                `t5`.`total`,
                `t5`.`rank`,
                `t5`.`rank_before`,
                `t12`.`member_id`,
                `t13`.`edition` AS `edition_right`,
                `t13`.`rank` AS `rank_right`,
                `t13`.`level`
              FROM `placed_events` AS `t5`
              INNER JOIN (
                SELECT
                  `t3`.`account`,
                  `t3`.`member_id`
                FROM `accounts` AS `t3`
              ) AS `t12`
                ON `t5`.`account` = `t12`.`account`
              LEFT OUTER JOIN (
                SELECT
                  `t4`.`edition`,
                  `t4`.`rank`,
                  `t4`.`level`
                FROM `ladder` AS `t4`
              ) AS `t13`
                ON `t5`.`edition` = `t13`.`edition` AND `t5`.`rank` = `t13`.`rank`
            ) AS `t14`
          ) AS `t16`
          LEFT OUTER JOIN (
            SELECT
              `t1`.`rule_no`,
              `t1`.`activity`
            FROM `rules` AS `t1`
          ) AS `t11`
            ON `t16`.`rule_no` = `t11`.`rule_no`
        ) AS `t17`
      ) AS `t19`
      LEFT OUTER JOIN (
        SELECT
          `t0`.`edition`,
          `t0`.`version`
        FROM `editions` AS `t0`
      ) AS `t10`
        ON `t19`.`edition` = `t10`.`edition`
    ) AS `t20`
  ) AS `t21`
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
