-- The yardstick: the rules of 2024-03-13 of the DataMiner program as someone who knows DuckDB would write them
-- by hand, over a log in which that version is in force throughout: members become numbers, only the events of
-- capped activities and of credits are sorted for their limits, and all of them once for the totals.
WITH amounts(activity, amount, lowest, highest) AS (
  VALUES ('docs.typo', 25, NULL, NULL), ('feedback', 50, NULL, NULL), ('linkedin.headline', 250, NULL, NULL),
    ('email.job_title', 250, NULL, NULL), ('linkedin.post', 50, NULL, NULL), ('kata.completed', 75, NULL, NULL),
    ('training.attended', 250, NULL, NULL), ('qa.question', NULL, 10, 75), ('qa.answer', NULL, 10, 75),
    ('qa.comment', NULL, 10, 75), ('qa.best_answer', NULL, 10, 75), ('qa.best_answer_picked', NULL, 10, 75),
    ('qa.vote_cast', NULL, 10, 75), ('qa.vote_received', NULL, 10, 75), ('course.enrolled', NULL, 25, 250),
    ('course.completed', NULL, 25, 250), ('quiz.passed', NULL, 25, 250), ('certification.obtained', NULL, 500, 1000),
    ('blog.published', NULL, 500, 1000), ('use_case.published', NULL, 250, 2500), ('docs.missing_info', NULL, 1, 300),
    ('docs.delivered', NULL, 1, 500), ('docs.large', NULL, 1, 1000), ('mindset.nomination', NULL, 100, 750),
    ('retro_recipe.published', NULL, 500, 1000), ('solution.published', NULL, 250, 2500),
    ('credits.earned', NULL, 1, 10000), ('credits.spent', NULL, -10000, -1)
),
numbered AS (
  SELECT member_id, signed_up_on, row_number() OVER (ORDER BY member_id)::INT AS number,
    month(signed_up_on) * 100 + day(signed_up_on) AS leap_day,
    CASE leap_day WHEN 229 THEN 228 ELSE leap_day END AS common_day
  FROM members WHERE signed_up_on <= DATE '2028-12-31'
),
valued AS (
  SELECT number, "at", event_id, "local", e.activity, "local"::DATE < signed_up_on AS is_early,
    (year("local") - year(signed_up_on) + (month("local") * 100 + day("local")
      >= CASE WHEN year("local") % 4 <> 0 THEN common_day ELSE leap_day END)::INT)::INT AS period,
    e.activity IN ('credits.earned', 'credits.spent') AS is_credits,
    e.activity IN ('feedback', 'linkedin.headline', 'email.job_title') AS is_capped,
    (CASE WHEN is_early THEN 1 WHEN a.activity IS NULL THEN 2
      WHEN e.activity = 'training.attended' AND a0_days IS NULL THEN 3
      WHEN e.activity = 'training.attended' AND a0_days < 0 THEN 4
      WHEN e.activity = 'kata.completed' AND a1_released_on IS NULL THEN 3
      WHEN amount IS NULL AND e.points IS NULL THEN 5
      WHEN amount IS NULL AND e.points NOT BETWEEN lowest AND highest THEN 4 ELSE 0 END)::UTINYINT AS problem,
    CASE WHEN problem > 0 THEN 0 WHEN e.activity = 'training.attended' THEN 250 * a0_days
      WHEN e.activity = 'kata.completed' THEN CASE WHEN "local"::DATE - a1_released_on BETWEEN 0 AND 7 THEN 150 ELSE 75 END
      ELSE coalesce(amount, e.points) END AS requested
  FROM events e JOIN numbered USING (member_id) LEFT JOIN amounts a ON a.activity = e.activity
  WHERE "local"::DATE <= DATE '2028-12-31'
),
capped AS (
  SELECT * EXCLUDE (is_capped), CASE
      WHEN activity = 'feedback' THEN least(100, sum(requested) OVER w) - least(100, sum(requested) OVER w - requested)
      WHEN sum((requested > 0)::INT) OVER w > 1 THEN 0
      ELSE requested END::BIGINT AS awarded, 0::BIGINT AS credits
  FROM valued WHERE is_capped
  WINDOW w AS (
    PARTITION BY number, activity, CASE activity WHEN 'feedback' THEN year("local") * 100 + month("local") ELSE period END
    ORDER BY "at", event_id ROWS UNBOUNDED PRECEDING
  )
),
plain AS (
  SELECT *, sum(requested) OVER (PARTITION BY number, is_early ORDER BY "at", event_id ROWS UNBOUNDED PRECEDING) AS plain
  FROM valued WHERE is_credits
),
credits AS (
  SELECT * EXCLUDE (is_capped, plain, lift, lift_before), (requested + lift - lift_before)::BIGINT AS awarded,
    (plain + lift)::BIGINT AS credits
  FROM (
    SELECT *, greatest(0, max(-plain) OVER (w ROWS UNBOUNDED PRECEDING)) AS lift,
      greatest(0, coalesce(max(-plain) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)) AS lift_before
    FROM plain WINDOW w AS (PARTITION BY number, is_early ORDER BY "at", event_id)
  )
),
awarded AS (
  FROM capped UNION ALL FROM credits
  UNION ALL SELECT * EXCLUDE (is_capped), requested AS awarded, 0 AS credits FROM valued WHERE NOT is_capped AND NOT is_credits
),
levelled AS (
  SELECT *, (sum(CASE WHEN is_credits THEN 0 ELSE awarded END) OVER (
      PARTITION BY number, period ORDER BY "at", event_id ROWS UNBOUNDED PRECEDING
    ))::BIGINT AS points FROM awarded
),
years AS (
  SELECT number, period + 1 AS period, sum(awarded)::BIGINT AS closing FROM awarded
  WHERE NOT is_credits AND NOT is_early GROUP BY ALL
)
SELECT event_id, member_id, activity, "local" AS occurred_at, '2024-03-13' AS version,
  CASE WHEN is_credits THEN 'dojo_credits' ELSE 'devops_points' END AS balance, requested, awarded,
  CASE problem WHEN 0 THEN CASE WHEN awarded = requested THEN 'awarded' WHEN awarded <> 0 THEN 'reduced' ELSE 'capped' END
    WHEN 1 THEN 'before_sign_up' WHEN 2 THEN 'no_such_activity' WHEN 3 THEN 'missing_attribute' WHEN 4 THEN 'out_of_range'
    ELSE 'unvalued' END AS outcome,
  false AS assumed,
  CASE WHEN is_early THEN NULL WHEN is_credits THEN 1 ELSE l.period END::BIGINT AS period,
  CASE WHEN is_early THEN NULL WHEN is_credits THEN credits ELSE points END AS total,
  CASE WHEN is_early THEN NULL WHEN greatest(points, coalesce(closing, 0)) >= 15000 THEN 'catalyst'
    WHEN greatest(points, coalesce(closing, 0)) >= 5000 THEN 'enabler'
    WHEN greatest(points, coalesce(closing, 0)) >= 750 THEN 'advocate' ELSE 'member' END AS level
FROM levelled l JOIN numbered USING (number) LEFT JOIN years y ON y.number = l.number AND y.period = l.period
ORDER BY number, "at", event_id
