"""Rewrites of a finished plan: each says what it changes, why, and when it may.

A rewrite is a function of a plan and of the facts about it, and returns a plan with the same results;
where its condition does not hold, the same plan. Their order is `pointbook.relational.plan.REWRITES`.
"""
