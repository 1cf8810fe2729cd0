namespace Hermes.Core.Tests.Configuration;

/// <summary>A configuration with a secret, each with MARK in it, in every shape that people write them in.</summary>
internal static class SampleConfig
{
    public const string Yaml =
        """
        # MARK in a comment
        model:
          default: anthropic/claude-opus-4.6
          base_url: https://user:MARK1@llm.example/v1?key=MARK2&region=eu
          api_key: MARK3
          max_tokens: 8192
          extra_headers: {Authorization: Bearer MARK4, X-Title: MARK5}
          aws: {aws_secret_access_key: MARK6, sessionToken: MARK7, region: eu-west-1}
        provider: custom:corp
        timezone: Europe/London
        toolsets: [hermes-cli, web]
        display:
          personality: kawaii
          webhook_url: https://hooks.example/services/T000/B000/MARK8
          telemetry: {dsn: "https://MARK9@sentry.example/1", sample_rate: 0.5}
        memory:
          memory_char_limit: 2200
          mem0: {apiKey: MARK10, org_id: org-1}
          honcho: {Api-Key: MARK11, workspace: main}
          connection_string: postgres://hermes:MARK12@db.example:5432/mem
          backup: "Server=db2.example;User Id=sa;Password=MARK13;Database=hermes"
          created: 2024-01-02
        skills:
          disabled: [disabled-one]
          config:
            github: {token: MARK14, owner: acme}
            wiki: {path: ~/wiki, PASSWORD: MARK15}
            deep: [[{a: [{b: {clientSecret: MARK16, c: kept-deep}}]}]]
        agent:
          max_turns: 60
          personalities: {pirate: "Arrr", noir: {system_prompt: "rain on the window"}}
          env: {OPENAI_API_KEY: MARK17, PLAIN: MARK18}
          environment_hint: "first, export GITHUB_TOKEN=MARK19 and go on"
          sudo_password: MARK20
          curl: 'curl -H "Authorization: Bearer MARK21" https://api.example/kept-path'
          args: [--verbose, --token, MARK22, --api-key=MARK23]
          jwt_note: "use eyJhbGciOiJIUzI1NiJ9.eyJNQVJLIjoxfQ.MARK24abc to sign in"
          pem_note: |
            kept line before
            -----BEGIN PRIVATE KEY-----
            MARK25
            -----END PRIVATE KEY-----
            kept line after
          callback: https://cb.example/done?access_token=MARK26&state=kept-state
          service_account: !!binary TUFSSzI3IHBhc3N3b3JkPU1BUksyNw==
        tts:
          elevenlabs: {voice_id: pNInz6obpgDQGcFmaJgB, api_key: MARK28}
          openai: {model: gpt-4o-mini-tts, base_url: "https://x:MARK/29@MARK@tts.example/v1"}
          minimax: {group_id: g, secret: MARK30}
        stt:
          enabled: yes
          groq: {access_token: MARK31, model: whisper-large-v3}
        smart_model_routing:
          cheap_model: {model: google/gemini-2.5-flash, api_key: MARK32, api_key_env: CHEAP_KEY}
        custom_providers:
          - name: corp
            base_url: https://corp:MARK33@llm.corp.example/v1
            headers: ["Authorization: Bearer MARK34"]
            models: {corp-1: {context_length: 128000, api_key: MARK35}}
          - {name: second, API_KEY: MARK36, key_env: SECOND_KEY, private_key: MARK37, cookies: {sid: MARK38}}
          - plain-string-MARK_39
          - [MARK40, {api_key: MARK41, name: third}]
        providers: {openrouter: {api_key: MARK42}}
        mcp_servers: {github: {env: {TOKEN: MARK43}}}
        """;

    public static readonly string[] Kept =
    [
        "anthropic/claude-opus-4.6", "https://llm.example/v1", "8192", "custom:corp", "Europe/London", "hermes-cli", "web", "kawaii", "2200", "disabled-one", "60",
        "Arrr", "pNInz6obpgDQGcFmaJgB", "gpt-4o-mini-tts", "\"enabled\":true", "google/gemini-2.5-flash", "corp", "https://llm.corp.example/v1", "corp-1", "second",
        "SECOND_KEY", "has_api_key", "first, export",
    ];
}
