"""The matrix of isolation: every endpoint by every role, relation and credential, with what each must answer."""
