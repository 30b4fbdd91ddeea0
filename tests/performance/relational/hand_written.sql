-- The yardstick: the rules of 2024-03-13 of the DataMiner program as someone would write them by hand
-- for DuckDB, over a log in which that version is in force throughout. It makes the same ledger.
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
valued AS (
  SELECT e.member_id, e."at", e.event_id, e."local", e.activity,
    "local"::DATE < signed_up_on AS is_early,
    year("local") - year(signed_up_on) + (month("local") * 100 + day("local")
      >= CASE WHEN month(signed_up_on) = 2 AND day(signed_up_on) = 29 AND year("local") % 4 <> 0 THEN 228
         ELSE month(signed_up_on) * 100 + day(signed_up_on) END)::INT AS period,
    e.activity IN ('credits.earned', 'credits.spent') AS is_credits,
    CASE WHEN a.activity IS NULL THEN 'no_such_activity'
      WHEN e.activity = 'training.attended' AND a0_days IS NULL THEN 'missing_attribute'
      WHEN e.activity = 'training.attended' AND a0_days < 0 THEN 'out_of_range'
      WHEN e.activity = 'kata.completed' AND a1_released_on IS NULL THEN 'missing_attribute'
      WHEN amount IS NULL AND e.points IS NULL THEN 'unvalued'
      WHEN amount IS NULL AND e.points NOT BETWEEN lowest AND highest THEN 'out_of_range' END AS problem,
    CASE e.activity WHEN 'training.attended' THEN 250 * a0_days
      WHEN 'kata.completed' THEN CASE WHEN "local"::DATE - a1_released_on BETWEEN 0 AND 7 THEN 150 ELSE 75 END
      ELSE coalesce(amount, e.points) END AS amount
  FROM events e JOIN members USING (member_id) LEFT JOIN amounts a ON a.activity = e.activity
),
requested AS (
  SELECT * EXCLUDE (amount), CASE WHEN is_early OR problem IS NOT NULL THEN 0 ELSE amount END AS requested FROM valued
),
capped AS (
  SELECT *, CASE
      WHEN activity = 'feedback' THEN least(100, sum(requested) OVER w) - least(100, sum(requested) OVER w - requested)
      WHEN activity IN ('linkedin.headline', 'email.job_title') AND sum((requested > 0)::INT) OVER w > 1 THEN 0
      ELSE requested END AS passed
  FROM requested
  WINDOW w AS (
    PARTITION BY member_id, activity, CASE activity WHEN 'feedback' THEN year("local") * 100 + month("local") ELSE period END
    ORDER BY "at", event_id ROWS UNBOUNDED PRECEDING
  )
),
summed AS (
  SELECT *, sum(passed) OVER w AS plain FROM capped
  WINDOW w AS (
    PARTITION BY member_id, is_credits, CASE WHEN is_credits THEN 0 WHEN is_early THEN -1 ELSE period END
    ORDER BY "at", event_id ROWS UNBOUNDED PRECEDING
  )
),
credits AS (
  SELECT *, plain + greatest(0, max(-plain) OVER (w ROWS UNBOUNDED PRECEDING)) AS total,
    passed + greatest(0, max(-plain) OVER (w ROWS UNBOUNDED PRECEDING))
      - greatest(0, coalesce(max(-plain) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)) AS awarded
  FROM summed WHERE is_credits AND NOT is_early WINDOW w AS (PARTITION BY member_id ORDER BY "at", event_id)
),
awarded AS (
  SELECT * FROM credits
  UNION ALL SELECT *, plain AS total, passed AS awarded FROM summed WHERE NOT is_credits OR is_early
),
levelled AS (
  SELECT *, sum(CASE WHEN is_credits THEN 0 ELSE awarded END) OVER (
      PARTITION BY member_id, CASE WHEN is_early THEN -1 ELSE period END ORDER BY "at", event_id ROWS UNBOUNDED PRECEDING
    ) AS points FROM awarded
),
years AS (
  SELECT member_id, period + 1 AS period, sum(awarded) AS closing FROM awarded
  WHERE NOT is_credits AND NOT is_early GROUP BY ALL
)
SELECT event_id, l.member_id, activity, "local" AS occurred_at, '2024-03-13' AS version,
  CASE WHEN is_credits THEN 'dojo_credits' ELSE 'devops_points' END AS balance, requested, awarded,
  CASE WHEN is_early THEN 'before_sign_up' WHEN problem IS NOT NULL THEN problem WHEN awarded = requested THEN 'awarded'
    WHEN awarded <> 0 THEN 'reduced' ELSE 'capped' END AS outcome,
  false AS assumed,
  CASE WHEN is_early THEN NULL WHEN is_credits THEN 1 ELSE l.period END AS period,
  CASE WHEN is_early THEN NULL WHEN is_credits THEN total ELSE points END AS total,
  CASE WHEN is_early THEN NULL WHEN greatest(points, coalesce(closing, 0)) >= 15000 THEN 'catalyst'
    WHEN greatest(points, coalesce(closing, 0)) >= 5000 THEN 'enabler'
    WHEN greatest(points, coalesce(closing, 0)) >= 750 THEN 'advocate' END AS level
FROM levelled l LEFT JOIN years y ON y.member_id = l.member_id AND y.period = l.period
ORDER BY l.member_id, "at", event_id
