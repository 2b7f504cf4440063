{{ new_cases_by_code('proposal_code', ref('dim_proposal')) }}
