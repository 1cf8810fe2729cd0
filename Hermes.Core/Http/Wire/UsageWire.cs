using Hermes.Core.Sessions;

namespace Hermes.Core.Http.Wire;

/// <summary>What sessions used.</summary>
/// <param name="Daily">The days on which sessions began, the earliest first.</param>
/// <param name="ByModel">The models, the one with the most tokens first; sessions without a model are in none.</param>
/// <param name="Totals">All of it.</param>
/// <param name="PeriodDays">How many days were looked at, today included.</param>
internal sealed record UsageAnswer(
    [property: JsonPropertyName("daily")] IReadOnlyList<UsageOfDay> Daily,
    [property: JsonPropertyName("by_model")] IReadOnlyList<UsageOfModel> ByModel,
    [property: JsonPropertyName("totals")] UsageSums Totals,
    [property: JsonPropertyName("period_days")] int PeriodDays)
{
    public static UsageAnswer Of(UsageReport report, int days) => new(
        [.. report.Daily.Select(day => new UsageOfDay(day.Used) { Day = day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) })],
        [.. report.ByModel.Select(model => new UsageOfModel(model.Used) { Model = model.Model })],
        new UsageSums(report.Totals),
        days);
}

/// <summary>What the sessions of a day used.</summary>
internal sealed record UsageOfDay(UsageFigures Used) : UsageSums(Used)
{
    /// <summary>The day in UTC: <c>2026-01-31</c>.</summary>
    [JsonPropertyName("day"), JsonPropertyOrder(-1)]
    public required string Day { get; init; }
}

/// <summary>What the sessions of a model used.</summary>
internal sealed record UsageOfModel(UsageFigures Used) : UsageSums(Used)
{
    /// <summary>The model, as the sessions name it.</summary>
    [JsonPropertyName("model"), JsonPropertyOrder(-1)]
    public required string Model { get; init; }
}

/// <summary>Sums over sessions; what the home's file does not keep is 0.</summary>
internal record UsageSums([property: JsonIgnore] UsageFigures Used)
{
    /// <summary>Tokens sent to models.</summary>
    [JsonPropertyName("input_tokens")]
    public long InputTokens => Used.InputTokens;

    /// <summary>Tokens received from models.</summary>
    [JsonPropertyName("output_tokens")]
    public long OutputTokens => Used.OutputTokens;

    /// <summary>Tokens that providers had in their caches.</summary>
    [JsonPropertyName("cache_read_tokens")]
    public long CacheReadTokens => Used.CacheReadTokens;

    /// <summary>Tokens of reasoning.</summary>
    [JsonPropertyName("reasoning_tokens")]
    public long ReasoningTokens => Used.ReasoningTokens;

    /// <summary>What the agent took it to cost, in US dollars.</summary>
    [JsonPropertyName("estimated_cost")]
    public double EstimatedCost => Used.EstimatedCost;

    /// <summary>What it cost as providers said, in US dollars.</summary>
    [JsonPropertyName("actual_cost")]
    public double ActualCost => Used.ActualCost;

    /// <summary>How many sessions there were.</summary>
    [JsonPropertyName("sessions")]
    public long Sessions => Used.Sessions;

    /// <summary>How often models were called.</summary>
    [JsonPropertyName("api_calls")]
    public long ApiCalls => Used.ApiCalls;
}
