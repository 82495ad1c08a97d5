-- What waits to be looked at after a change of the law stands in the ledger (LawAdopted, LawReviewed); a second book of the same could only differ from it.
drop table law_review;
