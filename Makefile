# Everything that is done with this repository. `make` alone shows the list.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup run test check fmt rules access bench drill sweep matrix fuzz clean lock

BIN := .venv/bin
STAMP := .venv/.lianxi-setup

# uv reads nothing but the lock file and the user's own UV_* variables, and fetches no interpreter.
export UV_NO_CONFIG := 1
export UV_PYTHON_DOWNLOADS := never

HOST ?= $(or $(LIANXI_HOST),127.0.0.1)
PORT ?= $(or $(LIANXI_PORT),8000)
DATA ?= $(or $(LIANXI_DATA_DIR),data)

help: ## 显示本说明
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup: $(STAMP) ## 安装到 .venv（需要 Python 3.11 以上）

$(STAMP): pyproject.toml uv.lock deploy/uv.txt deploy/setup
	@deploy/setup
	@touch $@

run: $(STAMP) ## 启动服务（可设 HOST、PORT、DATA）
	@LIANXI_HOST="$(HOST)" LIANXI_PORT="$(PORT)" LIANXI_DATA_DIR="$(DATA)" exec $(BIN)/lianxi serve

test: $(STAMP) ## 运行测试
	@$(BIN)/pytest -n auto --dist worksteal $(ARGS)

check: $(STAMP) ## 检查格式、规则、类型和依赖方向
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/mypy deploy/lianxi_verify.py
	@$(BIN)/lint-imports

fmt: $(STAMP) ## 整理格式
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

rules: $(STAMP) ## 重新生成要求对照表 deploy/rules.md
	@$(BIN)/python -m tests.requirement_table

access: setup ## 写出权限表 deploy/access.md
	@$(BIN)/python -m tests.access_table

bench: $(STAMP) ## 测量性能
	@$(BIN)/python -m tests.bench $(ARGS)

drill: $(STAMP) ## 崩溃演练（kill -9、掉线、磁盘写满，各带对照；可设 ARGS）
	@$(BIN)/python -m tests.drill $(ARGS)

sweep: $(STAMP) ## 篡改清查（以数据库超级用户逐类改动，看由谁发现；可设 ARGS）
	@$(BIN)/python -m tests.sweep $(ARGS)

fuzz: $(STAMP) ## 坏输入清查（接口说明、命令、各类坏数据；可设 ARGS）
	@$(BIN)/python -m tests.fuzz $(ARGS)

matrix: $(STAMP) ## 隔离矩阵（每个接口 × 身份 × 关系 × 凭证，带对照和植入的错误；可设 ARGS）
	@$(BIN)/python -m tests.matrix $(ARGS)

lock: $(STAMP) ## 重新锁定依赖
	@env -u UV_DEFAULT_INDEX -u UV_INDEX_URL -u UV_INDEX -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS \
		$(BIN)/uv lock --default-index https://pypi.org/simple $(ARGS)

clean: ## 删除安装和缓存（不动数据）
	@rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
