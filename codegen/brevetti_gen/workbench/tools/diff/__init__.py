"""`brevetti-gen diff`: what changed between two versions of schemas, and what that breaks.

`settings` says what changed about each setting, in words. Whether stored configs still load is
another question: a `Premise` says what is known of the configs that the old version takes, and a
`Prover` shows of the new version's schema, keyword by keyword (`proof_rules`), that all of them
fit. What loading rewrites first is a premise too (`grown`). Where nothing is proven, `verdicts`
looks among `samples` for a config that the old version takes and the new one refuses, and asks
both.
"""
