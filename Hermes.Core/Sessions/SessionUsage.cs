namespace Hermes.Core.Sessions;

/// <summary>What a turn adds to its session beside messages, in the same transaction.</summary>
/// <param name="InputTokens">Tokens sent to the model, added to the session's count.</param>
/// <param name="OutputTokens">Tokens received from it, added to the session's count.</param>
/// <param name="Model">The model that answered; stored where the session has none yet. Null leaves the session's as it is.</param>
public sealed record SessionUsage(long InputTokens, long OutputTokens, string? Model = null)
{
    /// <summary>Tokens of the turn's last call of the model, its prompt and its answer: what the conversation takes of its context. Null or 0 where unknown.</summary>
    /// <remarks>A store that keeps it gives it back as <see cref="Session.LastTurn"/>.</remarks>
    public long? ContextTokens { get; init; }
}

/// <summary>What the model used in a turn.</summary>
/// <param name="Model">The model that answered, as it calls itself; null where it did not say.</param>
/// <param name="ContextTokens">Tokens of the turn's last call of the model, its prompt and its answer; above 0.</param>
public sealed record TurnUsage(string? Model, long ContextTokens);

/// <summary>What sessions used, by the day on which they began and by their model.</summary>
/// <param name="Daily">The days on which sessions began, the earliest first.</param>
/// <param name="ByModel">The models, the one with the most tokens first. Sessions of which no model is known are in none.</param>
/// <param name="Totals">All of it, sessions without a model included.</param>
public sealed record UsageReport(IReadOnlyList<DailyUsage> Daily, IReadOnlyList<ModelUsage> ByModel, UsageFigures Totals)
{
    /// <summary>Adds up what was used on the same day, and of the same model.</summary>
    /// <param name="parts">Parts of the whole, in any order.</param>
    public static UsageReport Of(IEnumerable<(DateOnly Day, string? Model, UsageFigures Used)> parts)
    {
        var all = parts.ToList();
        return new UsageReport(
            [.. from part in all group part.Used by part.Day into day orderby day.Key select new DailyUsage(day.Key, Sum(day))],
            [
                .. from part in all
                   where !string.IsNullOrEmpty(part.Model)
                   group part.Used by part.Model into model
                   let used = Sum(model)
                   orderby used.InputTokens + used.OutputTokens descending, model.Key
                   select new ModelUsage(model.Key, used),
            ],
            Sum(all.Select(part => part.Used)));
    }

    private static UsageFigures Sum(IEnumerable<UsageFigures> parts) => parts.Aggregate(new UsageFigures(), static (sum, part) => new()
    {
        InputTokens = sum.InputTokens + part.InputTokens,
        OutputTokens = sum.OutputTokens + part.OutputTokens,
        CacheReadTokens = sum.CacheReadTokens + part.CacheReadTokens,
        ReasoningTokens = sum.ReasoningTokens + part.ReasoningTokens,
        EstimatedCost = sum.EstimatedCost + part.EstimatedCost,
        ActualCost = sum.ActualCost + part.ActualCost,
        Sessions = sum.Sessions + part.Sessions,
        ApiCalls = sum.ApiCalls + part.ApiCalls,
    });
}

/// <summary>What the sessions of one day used.</summary>
/// <param name="Day">The day in UTC on which they began: all that a session used counts there, however long it went on.</param>
/// <param name="Used">What they used.</param>
public sealed record DailyUsage(DateOnly Day, UsageFigures Used);

/// <summary>What the sessions of one model used.</summary>
/// <param name="Model">The model as the sessions name it.</param>
/// <param name="Used">What they used.</param>
public sealed record ModelUsage(string Model, UsageFigures Used);

/// <summary>Sums over sessions. What a store does not keep is 0.</summary>
public sealed record UsageFigures
{
    /// <summary>Tokens sent to models.</summary>
    public long InputTokens { get; init; }
    /// <summary>Tokens received from models.</summary>
    public long OutputTokens { get; init; }
    /// <summary>Of what was sent, the tokens that providers had in their caches.</summary>
    public long CacheReadTokens { get; init; }
    /// <summary>Of what was received, the tokens of reasoning.</summary>
    public long ReasoningTokens { get; init; }
    /// <summary>What the agent took it to cost, in US dollars.</summary>
    public double EstimatedCost { get; init; }
    /// <summary>What it cost as providers said, in US dollars.</summary>
    public double ActualCost { get; init; }
    /// <summary>How many sessions there were, each part of a conversation and each subagent's run by itself.</summary>
    public long Sessions { get; init; }
    /// <summary>How often models were called.</summary>
    public long ApiCalls { get; init; }
}
