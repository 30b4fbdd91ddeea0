-- The least that a ledger takes: the events are read, sorted as the ledger is, and written with its 13 columns, of
-- the same names and types. Nothing is computed: what a rule would decide is a constant (version, balance, outcome,
-- assumed, period, level) or the log's `points` (requested, awarded, total).
SELECT event_id, member_id, activity, "local" AS occurred_at, '2024-03-13' AS version, 'devops_points' AS balance,
  coalesce(points, 0)::BIGINT AS requested, coalesce(points, 0)::BIGINT AS awarded, 'awarded' AS outcome,
  false AS assumed, 1::BIGINT AS period, points::BIGINT AS total, 'enabler' AS level
FROM events
ORDER BY member_id, "at", event_id
