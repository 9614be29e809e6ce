"""Tests of the evidence table. ``tampering`` changes records, to see the verdicts turn.

A chapter's tests hold ``TAMPERED``: for each of its claims, in their order, a change of its records
and the verdict afterwards. ``test_evidence`` demands one for every claim of every chapter.
"""
