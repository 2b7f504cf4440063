{{ new_cases_by_code('question_code', ref('dim_question')) }}
