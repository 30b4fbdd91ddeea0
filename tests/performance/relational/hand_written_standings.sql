-- The yardstick for standings alone, as of the end of 2028: the rules that hand_written.sql has, without a
-- ledger. Only the events of capped activities and of credits are sorted.
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
levels(level, threshold, next_level, next_threshold, benefits) AS (
  VALUES ('member', 0, 'advocate', 750, NULL), ('advocate', 750, 'enabler', 5000, 'credit_conversion;priority_support'),
    ('enabler', 5000, 'catalyst', 15000, 'credit_conversion;evolve_support_plan;exclusive_content;priority_support'),
    ('catalyst', 15000, NULL, NULL,
      'credit_conversion;developer_reviews;evolve_support_plan;exclusive_content;personal_licences;priority_support')
),
numbered AS (
  SELECT member_id, signed_up_on, row_number() OVER (ORDER BY member_id)::INT AS number,
    month(signed_up_on) * 100 + day(signed_up_on) AS leap_day,
    CASE leap_day WHEN 229 THEN 228 ELSE leap_day END AS common_day
  FROM members WHERE signed_up_on <= DATE '2028-12-31'
),
valued AS (
  SELECT number, "at", event_id, "local", e.activity,
    year("local") - year(signed_up_on) + (month("local") * 100 + day("local")
      >= CASE WHEN year("local") % 4 <> 0 THEN common_day ELSE leap_day END)::INT AS period,
    CASE WHEN amount IS NULL AND e.points NOT BETWEEN lowest AND highest THEN 0
      WHEN e.activity = 'training.attended' THEN 250 * greatest(a0_days, 0)
      WHEN e.activity = 'kata.completed'
        THEN CASE WHEN "local"::DATE - a1_released_on BETWEEN 0 AND 7 THEN 150 WHEN a1_released_on IS NOT NULL THEN 75 END
      ELSE coalesce(amount, e.points) END AS requested
  FROM events e JOIN numbered USING (member_id) JOIN amounts a ON a.activity = e.activity
  WHERE "local"::DATE >= signed_up_on AND "local"::DATE <= DATE '2028-12-31'
),
capped AS (
  SELECT number, period, CASE
      WHEN activity = 'feedback' THEN least(100, sum(requested) OVER w) - least(100, sum(requested) OVER w - requested)
      WHEN row_number() OVER w = 1 THEN requested ELSE 0 END AS passed
  FROM valued WHERE activity IN ('feedback', 'linkedin.headline', 'email.job_title')
  WINDOW w AS (
    PARTITION BY number, activity, CASE activity WHEN 'feedback' THEN year("local") * 100 + month("local") ELSE period END
    ORDER BY "at", event_id ROWS UNBOUNDED PRECEDING
  )
),
years AS (
  SELECT number, period, sum(passed)::BIGINT AS points FROM (
    FROM capped UNION ALL SELECT number, period, requested FROM valued
    WHERE activity NOT IN ('feedback', 'linkedin.headline', 'email.job_title', 'credits.earned', 'credits.spent')
  ) GROUP BY ALL
),
credits AS (
  SELECT number, (sum(requested) + greatest(0, max(-plain)))::BIGINT AS credits FROM (
    SELECT number, requested,
      sum(requested) OVER (PARTITION BY number ORDER BY "at", event_id ROWS UNBOUNDED PRECEDING) AS plain
    FROM valued WHERE activity IN ('credits.earned', 'credits.spent')
  ) GROUP BY number
),
stand AS (
  SELECT n.*, coalesce(now.points, 0) AS points, coalesce(credits, 0) AS credits,
    greatest(coalesce(now.points, 0), coalesce(before.points, 0)) AS most
  FROM (SELECT *, 2028 - year(signed_up_on) + 1 AS period FROM numbered) n
    LEFT JOIN years now ON now.number = n.number AND now.period = n.period
    LEFT JOIN years before ON before.number = n.number AND before.period = n.period - 1
    LEFT JOIN credits c ON c.number = n.number
)
SELECT member_id, DATE '2028-12-31' AS as_of, period,
  (signed_up_on + to_years((period - 1)::INT))::DATE AS period_start,
  (signed_up_on + to_years(period::INT))::DATE AS period_end, points, held.level, earned.level AS earned_level,
  held.next_level, held.next_threshold - points AS points_to_next,
  greatest(held.threshold - points, 0) AS points_to_keep,
  held.benefits, credits AS dojo_credits
FROM stand ASOF JOIN levels held ON most >= held.threshold ASOF JOIN levels earned ON points >= earned.threshold
ORDER BY number
