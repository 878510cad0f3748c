FROM python:3.12-slim
COPY requirements.txt .
RUN --mount=type=secret,id=ado_pat \
    pip install --no-cache-dir \
      --extra-index-url "https://any:$(cat /run/secrets/ado_pat)@pkgs.dev.azure.com/contoso/_packaging/py/pypi/simple/" \
      -r requirements.txt
